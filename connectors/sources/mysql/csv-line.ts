import type { Knex } from 'knex';
import { quoted } from '../quoted.ts';
import { builder } from './builder.ts';
import { type MysqlColumn, textOf } from './column-type.ts';

/**
 * What a row is selected as: pieces of a CSV line that the server has written, and between them the long
 * columns, which it has not quoted. A table without long columns is one piece.
 */
export interface LinePiece {
  select: Knex.Raw;
  quoting: 'done' | 'text' | 'binary';
}

export function linePieces(columns: readonly MysqlColumn[]): LinePiece[] {
  const pieces: LinePiece[] = [];
  let neighbours: Knex.Raw[] = [];
  const endPiece = () => {
    if (neighbours.length > 0) pieces.push({ select: joined(neighbours), quoting: 'done' });
    neighbours = [];
  };
  for (const column of columns) {
    if (column.isLong) {
      endPiece();
      pieces.push({
        select: unquoted(column),
        quoting: column.form === 'binary' ? 'binary' : 'text',
      });
    } else {
      neighbours.push(field(column));
    }
  }
  endPiece();
  return pieces;
}

/** Text and bytes as they are, which the driver gets in utf8mb4; what is no text yet is made text by the server. */
function unquoted(column: MysqlColumn): Knex.Raw {
  const isPlain = column.form === 'binary' || (column.form === 'text' && !column.mayLoseCharacters);
  return isPlain ? quoted(builder, column.name) : textOf(column);
}

function field(column: MysqlColumn): Knex.Raw {
  switch (column.form) {
    case 'text':
      return builder.raw(`ifnull(concat('"', replace(?, '"', '""'), '"'), '')`, [textOf(column)]);
    // Quoted, so that an empty value is not NULL, and for the commas of a geometry.
    case 'binary':
    case 'geometry':
      return builder.raw(`ifnull(concat('"', ?, '"'), '')`, [textOf(column)]);
    default:
      return builder.raw("ifnull(?, '')", [textOf(column)]);
  }
}

function joined(fields: readonly Knex.Raw[]): Knex.Raw {
  return builder.raw(`concat(${fields.map(() => '?').join(", ',', ")})`, [...fields]);
}

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
        select: quoted(builder, column.name),
        quoting: column.form === 'binary' ? 'binary' : 'text',
      });
    } else {
      neighbours.push(field(column));
    }
  }
  endPiece();
  return pieces;
}

function field(column: MysqlColumn): Knex.Raw {
  switch (column.form) {
    case 'text':
      return builder.raw(`ifnull(concat('"', replace(?, '"', '""'), '"'), '')`, [textOf(column)]);
    // Quoted, so that an empty value is not NULL.
    case 'binary':
      return builder.raw(`ifnull(concat('"', ?, '"'), '')`, [textOf(column)]);
    default:
      return builder.raw("ifnull(?, '')", [textOf(column)]);
  }
}

function joined(fields: readonly Knex.Raw[]): Knex.Raw {
  return builder.raw(`concat(${fields.map(() => '?').join(", ',', ")})`, [...fields]);
}

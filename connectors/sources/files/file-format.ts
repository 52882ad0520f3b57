export type FileFormat = 'csv' | 'tsv' | 'jsonl' | 'parquet';

const formatOfExtension: Readonly<Record<string, FileFormat>> = {
  csv: 'csv',
  txt: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
};

/** The format that a file's name says it has, `.gz` aside; null for a name that says nothing. */
export function formatOfName(file: string): FileFormat | null {
  const extension = /\.([^./]+)$/.exec(file.toLowerCase().replace(/\.gz$/, ''))?.[1];
  return (extension !== undefined && formatOfExtension[extension]) || null;
}

export function isGzip(file: string): boolean {
  return file.toLowerCase().endsWith('.gz');
}

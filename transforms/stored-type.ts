/**
 * The type of a column in `create table`. Texts are ordered by their bytes on every engine, whatever the
 * collation of the database.
 */
export function storedType(sqlType: string): string {
  return sqlType === 'text' ? 'text collate "C"' : sqlType;
}

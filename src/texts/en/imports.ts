export const imports: Readonly<Record<string, string>> = {
  'import.faults':
    'The file was not taken: {count, plural, one {one place is} other {{count, number} places are}} wrong.',
  'import.column_missing': 'The file needs a column {column}.',
  'import.column_twice': 'Each column may stand once in the header.',
  'import.too_many_cells': 'The header has {columns, number} columns: no more cells are allowed.',
  'import.twice': 'This stands in line {before, number} already.',
  'file.not_utf8': 'The file is not UTF-8 text. Save it as CSV UTF-8, or as XLSX.',
  'file.quote':
    'Line {line, number}: a quote is opened and not closed, or stands in the middle of a cell. Inside quotes, write it twice.',
  'file.empty': 'The file is empty.',
  'file.not_json': 'The file is not JSON: {reason}.',
  'file.not_xlsx': 'The file is not an XLSX workbook.',
  'file.no_sheet': 'The workbook has no sheet that can be read.',
  'file.old_xls': 'Old .xls files are not read: save it as .xlsx.',
  'file.too_many_rows': 'At most {maximum, number} rows are taken at once: split the file.',
  'file.too_many_columns': 'At most {maximum, number} columns are read.',
  'file.too_large_inside': 'The file unpacks to more than can be read.',
};

/**
 * What of a header tells its meaning: letters and digits, whatever their case and accents. So
 * "E-Mail-Adresse", "e mail adresse" and "EMAIL_ADRESSE" are one.
 */
export function headerName(header: string): string {
  return header
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Short of the longest account name, so that a number still fits behind it. */
const longest = 58;

/** The company as an account name might be made of it; empty where too little of it can be written so. */
export const suggestedAccount = (company: string): string => {
  const letters = company
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replaceAll(/^-+|-+$/g, '');
  return letters.length >= 3 ? letters : '';
};

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

const codes = (): string[] => {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return letters.flatMap((first) => letters.map((second) => first + second));
};

// CLDR knows more than ISO 3166 assigns: groupings, test codes, and places renamed long ago.
const notCountries = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ', 'AC', 'CP', 'CQ', 'DG', 'EA', 'IC', 'TA']);

const retired = (code: string): boolean => Intl.getCanonicalLocales(`und-${code}`)[0] !== `und-${code}`;

const everyday: [string, string][] = [
  ['uk', 'GB'],
  ['usa', 'US'],
  ['united states of america', 'US'],
];

let byName: Map<string, string> | undefined;

const countryNames = (): Map<string, string> => {
  byName ??= new Map(
    codes()
      .filter((code) => !notCountries.has(code) && !retired(code) && regions.of(code) !== undefined)
      .flatMap((code): [string, string][] => [
        [code.toLowerCase(), code],
        [regions.of(code)!.toLowerCase(), code],
      ])
      .concat(everyday),
  );
  return byName;
};

/** ISO 3166 code of a country given by code or by English name; null: there is none such. */
export const countryCode = (given: string): string | null => countryNames().get(given.trim().toLowerCase()) ?? null;

/** Every country, by its English name: code and name. */
export const countryNamesInOrder = (): readonly (readonly [code: string, name: string])[] =>
  [...new Set(countryNames().values())]
    .map((code) => [code, regions.of(code) ?? code] as const)
    .toSorted(([, one], [, other]) => one.localeCompare(other, 'en'));

/** English name of a country by its code. */
export const countryName = (code: string): string => regions.of(code) ?? code;

/** A language tag in its usual spelling (`pt-BR`) for one given in any case; null: no language is called so. */
export const languageTag = (given: string): string | null => {
  if (!/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(given)) return null;
  try {
    const [tag] = Intl.getCanonicalLocales(given);
    return tag !== undefined && languages.of(tag) !== undefined ? tag : null;
  } catch {
    return null;
  }
};

/** English name of a language by its tag. */
export const languageName = (tag: string): string => languages.of(tag) ?? tag;

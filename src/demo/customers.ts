/** The 120 customers of the demo world, made the same way each time. Two share a company name. */

export interface DemoCustomer {
  readonly account: string;
  readonly company: string;
  readonly city: string;
  readonly state: string;
  readonly country: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}

interface Region {
  readonly partner: string;
  readonly count: number;
  readonly country: string;
  readonly places: readonly (readonly [city: string, state: string])[];
  readonly names: readonly string[];
  readonly trades: readonly string[];
  readonly first: readonly string[];
  readonly last: readonly string[];
}

const regions: readonly Region[] = [
  {
    partner: 'brightside',
    count: 30,
    country: 'DE',
    places: [
      ['Berlin', 'Berlin'],
      ['Potsdam', 'Brandenburg'],
      ['Leipzig', 'Saxony'],
      ['Dresden', 'Saxony'],
      ['Rostock', 'Mecklenburg'],
    ],
    names: ['Alder', 'Birke', 'Caspar', 'Dorn', 'Eiche', 'Falke', 'Grün', 'Hansa', 'Iller', 'Jäger'],
    trades: ['Logistik', 'Architekten', 'Zahnärzte'],
    first: ['Anna', 'Lukas', 'Marie', 'Felix', 'Sofie'],
    last: ['Vogel', 'Brandt', 'Keller', 'Lorenz', 'Winter'],
  },
  {
    partner: 'sakura',
    count: 24,
    country: 'JP',
    places: [
      ['Shinjuku', 'Tokyo'],
      ['Yokohama', 'Kanagawa'],
      ['Kyoto', 'Kyoto'],
      ['Osaka', 'Osaka'],
    ],
    names: ['Aoba', 'Fuji', 'Hikari', 'Kaze', 'Mizuho', 'Nami', 'Sora', 'Tsubame'],
    trades: ['Trading', 'Clinic', 'Design'],
    first: ['Haruto', 'Yui', 'Ren', 'Mei'],
    last: ['Sato', 'Suzuki', 'Mori', 'Abe', 'Ito'],
  },
  {
    partner: 'lonestar',
    count: 20,
    country: 'US',
    places: [
      ['Austin', 'Texas'],
      ['Dallas', 'Texas'],
      ['Houston', 'Texas'],
      ['Tulsa', 'Oklahoma'],
    ],
    names: ['Bluebonnet', 'Cypress', 'Granite', 'Mesquite', 'Pecos', 'Ranger', 'Sabine'],
    trades: ['Dental', 'Freight', 'Law'],
    first: ['Emma', 'Mason', 'Ava', 'Caleb'],
    last: ['Hill', 'Brooks', 'Dawson', 'Price', 'Cole'],
  },
  {
    partner: 'thames',
    count: 18,
    country: 'GB',
    places: [
      ['Reading', 'Berkshire'],
      ['Oxford', 'Oxfordshire'],
      ['Slough', 'Berkshire'],
    ],
    names: ['Abbey', 'Bramble', 'Chiltern', 'Downs', 'Elmwood', 'Foxhill'],
    trades: ['Accountants', 'Joinery', 'Travel'],
    first: ['Oliver', 'Amelia', 'Harry', 'Isla'],
    last: ['Ward', 'Hughes', 'Carter', 'Bell'],
  },
  {
    partner: 'harbour',
    count: 14,
    country: 'AU',
    places: [
      ['Sydney', 'New South Wales'],
      ['Newcastle', 'New South Wales'],
      ['Canberra', 'ACT'],
    ],
    names: ['Banksia', 'Coral', 'Kookaburra', 'Southern', 'Wattle'],
    trades: ['Surveyors', 'Foods', 'Health'],
    first: ['Jack', 'Chloe', 'Liam', 'Zoe'],
    last: ['Taylor', 'Nguyen', 'Walsh', 'Doyle'],
  },
  {
    partner: 'cedro',
    count: 8,
    country: 'BR',
    places: [
      ['São Paulo', 'São Paulo'],
      ['Campinas', 'São Paulo'],
    ],
    names: ['Aurora', 'Horizonte', 'Primavera', 'Serra'],
    trades: ['Contábil', 'Têxtil'],
    first: ['Beatriz', 'Davi', 'Helena'],
    last: ['Lima', 'Rocha', 'Alves'],
  },
  {
    partner: 'lofoten',
    count: 6,
    country: 'NO',
    places: [
      ['Svolvær', 'Nordland'],
      ['Bodø', 'Nordland'],
    ],
    names: ['Havn', 'Midnatt', 'Torsk'],
    trades: ['Rederi', 'Sjømat'],
    first: ['Nora', 'Jakob'],
    last: ['Hansen', 'Dahl'],
  },
];

/** Letters that an account name takes. */
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/[^A-Za-z0-9 ]/g, '')
    .trim()
    .toLowerCase()
    .replaceAll(' ', '-');

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length]!;

export const demoCustomers: readonly (DemoCustomer & { readonly partner: string })[] = regions.flatMap((region) =>
  Array.from({ length: region.count }, (_, index) => {
    const made = `${pick(region.names, index)} ${pick(region.trades, Math.floor(index / region.names.length))}`;
    // One name twice, as happens in life: lists then show city and account name beside it.
    const company = region.partner === 'brightside' && index === region.count - 1 ? 'Alder Logistik' : made;
    const [city, state] = pick(region.places, index);
    const account = company === made ? plain(made) : `${plain(company)}-${plain(city)}`;
    const firstName = pick(region.first, index);
    const lastName = pick(region.last, index * 3 + 1);
    return {
      partner: region.partner,
      account,
      company,
      city,
      state,
      country: region.country,
      firstName,
      lastName,
      email: `${plain(firstName)}.${plain(lastName)}@${account}.example`,
    };
  }),
);

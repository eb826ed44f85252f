import { matchText } from './matchText.ts';

/** Words of company names that tell nothing about which company it is. */
const GENERIC_WORDS: ReadonlySet<string> = new Set(
  `a ab ag and as asa b bv c co communication communications company computer computers corp
  corporate corporation device devices digital electronic electronics gmbh group holding holdings
  inc incorporated industrial industries industry information international k kg kk limited llc ltd
  manufacturing mfg mobile n network networking networks nv of oy oyj plc precision products pte pty s sa sas software solutions
  spa srl system systems tech technologies technology telecom telecommunication telecommunications
  the u usa wireless beijing china chongqing guangdong guangzhou hangzhou hong kong shanghai
  shenzhen sichuan taiwan zhejiang`.split(/\s+/),
);

/**
 * Names under which one company, its brands and the companies that it bought or sold are known.
 * Their hardware bears each other's addresses, so they never contradict each other.
 */
const FAMILIES: readonly (readonly string[])[] = [
  ['hp', 'hpe', 'hewlett', 'packard', 'aruba', 'procurve', '3com', 'h3c', 'juniper', 'samsung'],
  ['cisco', 'linksys', 'meraki', 'belkin', 'airespace', 'tandberg', 'scientificatlanta', '2wire'],
  ['motorola', 'arris', 'commscope', 'ruckus', 'zebra', 'symbol', 'brocade', 'pace', 'vantiva'],
  ['technicolor', 'thomson', 'vantiva', 'cisco'],
  ['lenovo', 'motorola', 'ibm'],
  ['dell', 'emc', 'vmware', 'force10', 'sonicwall', 'wyse', 'alienware'],
  ['google', 'nest', 'fitbit', 'dropcam'],
  ['amazon', 'ring', 'eero', 'blink', 'annapurna', 'lab126'],
  ['philips', 'signify', 'lumileds'],
  ['honeywell', 'resideo', 'ademco', 'intermec', 'metrologic'],
  ['schneider', 'apc', 'american', 'telemecanique', 'pelco'],
  ['siemens', 'ruggedcom', 'nokia', 'unify', 'landis'],
  ['nokia', 'alcatel', 'lucent', 'hmd', 'microsoft', 'tct'],
  ['extreme', 'enterasys', 'brocade', 'foundry', 'avaya', 'nortel', 'symbol', 'zebra', 'aerohive'],
  ['huawei', 'honor', 'hisilicon'],
  ['oppo', 'realme', 'oneplus', 'vivo'],
  ['tecno', 'infinix', 'itel'],
  ['samsung', 'harman', 'hanwha'],
  ['sony', 'ericsson'],
  ['netgear', 'arlo'],
  ['johnson', 'tyco'],
  ['juniper', 'trapeze', 'mist', 'netscreen'],
  ['xiaomi', 'yeelight'],
  ['mikrotik', 'routerboard'],
  ['nvidia', 'mellanox'],
  ['mitel', 'aastra', 'polycom', 'shoretel'],
  ['poly', 'polycom', 'plantronics', 'hp'],
  ['ubnt', 'ubiquiti'],
];

const familiesOfWord: ReadonlyMap<string, readonly number[]> = indexFamilies();

/** What is compared of a company's name: its words in lower case, without those that all have. */
export function makerWords(name: string): readonly string[] {
  return matchText(name)
    .split(' ')
    .filter((word) => word !== '' && !GENERIC_WORDS.has(word));
}

/**
 * Whether two companies' names, as {@link makerWords}, may well mean the same company or two of one
 * family. Loose on purpose: one word in common is enough.
 */
export function mayBeSameMaker(first: readonly string[], second: readonly string[]): boolean {
  if (first.some((word) => second.includes(word))) return true;
  const [one, other] = [first.join(''), second.join('')];
  if (one.includes(other) || other.includes(one)) return true;
  const families = new Set(first.flatMap((word) => familiesOfWord.get(word) ?? []));
  return second.some((word) => familiesOfWord.get(word)?.some((family) => families.has(family)));
}

function indexFamilies(): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, number[]>();
  for (const [family, words] of FAMILIES.entries()) {
    for (const word of words) index.set(word, [...(index.get(word) ?? []), family]);
  }
  return index;
}

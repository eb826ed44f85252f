import tlds from 'tlds' with { type: 'json' };
import { cleanText } from './cleanText.ts';
import { isDisposableDomain } from './disposableDomains.ts';
import { isKeyboardSlip } from './keyboardSlip.ts';
import { remembered } from './remembered.ts';

/** An e-mail address with what can be told of its domain. */
export interface JudgedEmail extends EmailDomainJudgement {
  /** Without stray white space. */
  readonly address: string;
  /** In lower case: what follows the last @. */
  readonly domain: string;
}

/** What can be told of the domain of an e-mail address. */
export interface EmailDomainJudgement {
  /** Whether it belongs to a provider of throw-away addresses. */
  readonly isDisposable: boolean;
  /** The domain that was most likely meant; null where this one may well be right. */
  readonly likelyDomain: string | null;
}

/**
 * Providers with so many users that a domain one slip away is more likely a slip than a domain. None
 * with a shorter name: `aon.com` and `gmx.at` are no slips of `aol.com` and `gmx.net`.
 */
const LARGE_PROVIDERS = [
  'gmail.com',
  'googlemail.com',
  'hotmail.com',
  'hotmail.co.uk',
  'outlook.com',
  'yahoo.com',
  'yahoo.co.uk',
  'icloud.com',
  'protonmail.com',
  'rocketmail.com',
  'comcast.net',
  'sbcglobal.net',
  'bellsouth.net',
  'btinternet.com',
];

/** Endings that people mistype into one that there is not. */
const COMMON_ENDINGS = ['com', 'net', 'org'];

/** The top-level domains that IANA lists. */
const endings: ReadonlySet<string> = new Set(tlds);

/** The last one: several rules ask for the same e-mail address one after the other. */
let lastEmail = '';
let lastJudged: JudgedEmail = { address: '', domain: '', isDisposable: false, likelyDomain: null };

/** Judges the domain of a text that may be an e-mail address; whether it is one, others tell. */
export function judgeEmail(email: string): JudgedEmail {
  if (lastEmail !== email) {
    const address = cleanText(email);
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    const { isDisposable, likelyDomain } = judgeDomain(domain);
    lastJudged = { address, domain, isDisposable, likelyDomain };
    lastEmail = email;
    const isSound = !isDisposable && likelyDomain === null;
    if (isSound && domain !== address) soundEnding = `@${domain}`;
  }
  return lastJudged;
}

/** The last domain in which nothing was found, after its @: neighbours share theirs. */
let soundEnding: string | null = null;

/** Whether {@link judgeEmail} certainly finds nothing in an address's domain. False says nothing. */
export function hasSoundDomain(email: string): boolean {
  return soundEnding !== null && email.endsWith(soundEnding);
}

/** Most contacts share few domains; looking one up anew takes 3 µs. */
const judgeDomain = remembered(judge);

function judge(domain: string): EmailDomainJudgement {
  const likelyDomain = slipOf(domain);
  // Some who collect mistyped mail are listed as disposable: that is one defect, and this is it.
  return { likelyDomain, isDisposable: likelyDomain === null && isDisposableDomain(domain) };
}

function slipOf(domain: string): string | null {
  const provider = LARGE_PROVIDERS.find((meant) => isKeyboardSlip(domain, meant));
  if (provider !== undefined) return provider;
  const ending = domain.slice(domain.lastIndexOf('.') + 1);
  if (ending === domain || !/^[a-z]+$/.test(ending) || endings.has(ending)) return null;
  // There is no such ending, so that the first letter may be the wrong one, as in `ocm` and `vom`.
  const meant = COMMON_ENDINGS.find((common) => isKeyboardSlip(`.${ending}`, `.${common}`));
  if (meant === undefined) return null;
  const mended = domain.slice(0, -ending.length) + meant;
  return slipOf(mended) ?? mended;
}

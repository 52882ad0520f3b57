/**
 * The words that are taken out of names, mailboxes and values before they are compared. Each list is loaded into
 * a table of schema `settings`, together with what the config adds to it.
 */

/** Honorifics before a name and suffixes after it, without dots. */
export const nameAffixes: readonly string[] =
  'mr mrs ms miss mx dr prof professor sir lady lord dame rev reverend fr hon capt col herr frau hr fru mme mlle monsieur madame senor senora sig sra dott ing dipl mag jr sr ii iii iv esq phd md dds mba msc bsc obe mbe cpa'.split(
    ' ',
  );

/** Legal forms of companies, each as one word without dots and blanks between its letters. */
export const legalForms: readonly string[] =
  'ltd limited plc llp lp llc inc incorporated corp corporation co company gmbh ag kg ohg ug kgaa ev mbh se sa sas sarl sasu eurl srl spa snc sl slu sau bv nv vof cv ab as asa aps oy oyj kft zrt sro spzoo pty pte holding holdings group international'.split(
    ' ',
  );

/** Providers that deliver `j.smith@` and `jsmith@` to the same person, and the domain they all mean. */
export const dotlessMailDomains: readonly (readonly [domain: string, sameAs: string])[] = [
  ['gmail.com', 'gmail.com'],
  ['googlemail.com', 'gmail.com'],
];

/** Mailboxes that several people read (RFC 2142 names the first eleven). */
export const roleMailboxes: readonly string[] =
  'info marketing sales support abuse noc security postmaster hostmaster webmaster contact admin administration office hello mail team help service accounts accounting billing invoice invoices finance orders order purchasing procurement hr jobs reception enquiries inquiries family familie house home noreply no-reply kontakt buero bureau contacto post'.split(
    ' ',
  );

/** Values that mean “not known”, in the form that identity.standardised gives them. */
export const placeholders: readonly (readonly [attribute: string, value: string])[] = [
  ...'test unknown none null na n/a nobody anonymous guest customer unbekannt inconnu xxx'
    .split(' ')
    .map((value) => ['name', value] as const),
  ...'test@test.com test@example.com none@none.com noemail@noemail.com no@email.com na@na.com a@a.com unknown@unknown.com email@email.com email@example.com user@example.com nobody@example.com noreply@example.com'
    .split(' ')
    .map((value) => ['email', value] as const),
  ...'0123456789 1234567890 123456789 12345678 1234567'.split(' ').map((value) => ['phone', value] as const),
  ...'123456789 12345678 1234567890 UNKNOWN NOTAVAILABLE'
    .split(' ')
    .map((value) => ['tax_id', value] as const),
];

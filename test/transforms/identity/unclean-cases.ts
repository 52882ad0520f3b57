import type { WrittenAccount } from './accounts-stage.ts';

/** What businesses meet: which accounts are one customer each. */
export interface UncleanCase {
  what: string;
  customers: readonly (readonly WrittenAccount[])[];
  /** True where a model that was learned from a few hundred people still merges two of them. */
  isOpenWhenLearned?: true;
}

const account = (reference: string, values: Readonly<Record<string, string>>): WrittenAccount => {
  const [source = '', ref = ''] = reference.split(':');
  return { source, account_ref: ref, country: 'GB', ...values };
};

const yard = { street: '12 Foundry Yard', city: 'Hexham', postcode: 'NE46 1AB' };
const lane = { street: '7 Blackthorn Lane', city: 'Ledbury', postcode: 'HR8 2DF' };
const quay = { street: '31 Customs Quay', city: 'Falmouth', postcode: 'TR11 3LH' };
const hill = { street: '88 Spinner Hill', city: 'Hebden Bridge', postcode: 'HX7 8AH' };

export const uncleanCases: Readonly<Record<string, UncleanCase>> = {
  switchboard: {
    what: 'two firms in one building behind one switchboard',
    customers: [
      [
        account('erp:sw-1', {
          company_name: 'Kestrel Legal Ltd',
          phone: '+44 1434 600100',
          email: 'post@kestrel-legal.example',
          tax_id: 'GB123456701',
          ...yard,
        }),
        account('shop:sw-2', {
          company_name: 'Kestrel Legal',
          phone: '01434 600100',
          email: 'post@kestrel-legal.example',
          ...yard,
        }),
      ],
      [
        account('erp:sw-3', {
          company_name: 'Whinbush Dental Ltd',
          phone: '+44 1434 600100',
          email: 'smile@whinbush.example',
          tax_id: 'GB765432108',
          ...yard,
        }),
        account('shop:sw-4', {
          company_name: 'Whinbush Dental',
          phone: '01434 600100',
          email: 'smile@whinbush.example',
          ...yard,
        }),
      ],
    ],
  },
  sharedMailbox: {
    what: 'a couple that reads one mailbox',
    isOpenWhenLearned: true,
    customers: [
      [
        account('erp:mb-1', {
          full_name: 'Marjorie Ostrander',
          email: 'family.ostrander@mail.example',
          date_of_birth: '1961-03-09',
          ...lane,
        }),
        account('shop:mb-2', {
          given_name: 'Marjorie',
          family_name: 'Ostrander',
          email: 'family.ostrander@mail.example',
          ...lane,
        }),
      ],
      [
        account('erp:mb-3', {
          full_name: 'Clement Ostrander',
          email: 'family.ostrander@mail.example',
          date_of_birth: '1958-11-21',
          ...lane,
        }),
        account('desk:mb-4', {
          full_name: 'Ostrander, Clement',
          email: 'family.ostrander@mail.example',
          ...lane,
        }),
      ],
    ],
  },
  bookkeeper: {
    what: 'two firms whose letters go to one bookkeeper',
    customers: [
      [
        account('erp:bk-1', {
          company_name: 'Tamarind Kitchens Ltd',
          email: 'office@plumb-and-son.example',
          tax_id: 'GB555111701',
          ...quay,
        }),
        account('shop:bk-2', {
          company_name: 'Tamarind Kitchens',
          email: 'office@plumb-and-son.example',
          ...quay,
        }),
      ],
      [
        account('erp:bk-3', {
          company_name: 'Oldcastle Boats Ltd',
          email: 'office@plumb-and-son.example',
          tax_id: 'GB555999302',
          street: '2 Slipway',
          city: 'Falmouth',
          postcode: 'TR11 5QT',
        }),
        account('shop:bk-4', {
          company_name: 'Oldcastle Boats',
          email: 'office@plumb-and-son.example',
          street: '2 Slipway',
          city: 'Falmouth',
          postcode: 'TR11 5QT',
        }),
      ],
    ],
  },
  twins: {
    what: 'twins with one birth date, family name, address and landline',
    isOpenWhenLearned: true,
    customers: [
      [
        account('erp:tw-1', {
          full_name: 'Rosalind Thackeray',
          date_of_birth: '1994-06-17',
          phone: '01422 700300',
          ...hill,
        }),
        account('shop:tw-2', {
          given_name: 'Rosalind',
          family_name: 'Thackeray',
          date_of_birth: '1994-06-17',
          email: 'roz.thackeray@mail.example',
          phone: '01422 700300',
          ...hill,
        }),
        account('desk:tw-3', {
          full_name: 'Rosalind Thackeray',
          email: 'roz.thackeray@mail.example',
          date_of_birth: '1994-06-17',
        }),
      ],
      [
        account('erp:tw-4', {
          full_name: 'Imogen Thackeray',
          date_of_birth: '1994-06-17',
          phone: '01422 700300',
          ...hill,
        }),
        account('shop:tw-5', {
          given_name: 'Imogen',
          family_name: 'Thackeray',
          date_of_birth: '1994-06-17',
          email: 'imogen94@mail.example',
          phone: '01422 700300',
          ...hill,
        }),
      ],
    ],
  },
  fatherAndSon: {
    what: 'father and son of one name, address, landline and mailbox',
    isOpenWhenLearned: true,
    customers: [
      [
        account('erp:fs-1', {
          full_name: 'Desmond Hargreave',
          date_of_birth: '1951-02-03',
          phone: '01531 600700',
          email: 'hargreave@mail.example',
          ...lane,
        }),
        account('shop:fs-2', {
          given_name: 'Desmond',
          family_name: 'Hargreave',
          date_of_birth: '1951-02-03',
          phone: '01531 600700',
          ...lane,
        }),
      ],
      [
        account('erp:fs-3', {
          full_name: 'Desmond Hargreave',
          date_of_birth: '1982-09-27',
          phone: '01531 600700',
          email: 'hargreave@mail.example',
          ...lane,
        }),
        account('shop:fs-4', {
          given_name: 'Desmond',
          family_name: 'Hargreave',
          date_of_birth: '1982-09-27',
          phone: '01531 600700',
          ...lane,
        }),
      ],
    ],
  },
  marriedSurname: {
    what: 'a woman who took another surname and moved',
    customers: [
      [
        account('erp:ms-1', {
          full_name: 'Philomena Arkwright',
          date_of_birth: '1990-08-14',
          phone: '07700 900811',
          email: 'philomena.a@mail.example',
          ...quay,
        }),
        account('shop:ms-2', {
          given_name: 'Philomena',
          family_name: 'Underhill',
          date_of_birth: '1990-08-14',
          phone: '07700 900811',
          email: 'philomena.a@mail.example',
          ...hill,
        }),
      ],
    ],
  },
  moved: {
    what: 'a man who moved, with his old address in one system and another mailbox in the other',
    customers: [
      [
        account('erp:mv-1', {
          full_name: 'Thaddeus Penhaligon',
          date_of_birth: '1975-05-30',
          email: 'thad.penhaligon@mail.example',
          ...quay,
        }),
        account('shop:mv-2', {
          given_name: 'Thaddeus',
          family_name: 'Penhaligon',
          date_of_birth: '1975-05-30',
          email: 'penhaligon75@post.example',
          ...yard,
        }),
      ],
    ],
  },
  sameNameAtTwoFirms: {
    what: 'two firms whose contacts have the same name',
    customers: [
      [
        account('erp:sn-1', {
          full_name: 'John Baker',
          company_name: 'Greenfinch Cafes Ltd',
          email: 'john.baker@greenfinch.example',
          phone: '01531 222333',
          ...lane,
        }),
        account('shop:sn-2', {
          given_name: 'John',
          family_name: 'Baker',
          company_name: 'Greenfinch Cafes',
          email: 'john.baker@greenfinch.example',
          ...lane,
        }),
      ],
      [
        account('erp:sn-3', {
          full_name: 'John Baker',
          company_name: 'Harrier Hotels Ltd',
          email: 'john.baker@harrier.example',
          phone: '01326 444555',
          ...quay,
        }),
        account('shop:sn-4', {
          given_name: 'John',
          family_name: 'Baker',
          company_name: 'Harrier Hotels',
          email: 'john.baker@harrier.example',
          ...quay,
        }),
      ],
    ],
  },
  onePersonAtTwoFirms: {
    what: 'two firms that one person buys for, with her own mobile number',
    customers: [
      [
        account('erp:tf-1', {
          kind: 'company',
          full_name: 'Beatrix Winstanley',
          company_name: 'Lapwing Bakery Ltd',
          email: 'beatrix@lapwing.example',
          phone: '07700 900422',
          tax_id: 'GB444222101',
          ...hill,
        }),
        account('shop:tf-2', {
          given_name: 'Beatrix',
          family_name: 'Winstanley',
          company_name: 'Lapwing Bakery',
          email: 'beatrix@lapwing.example',
          phone: '07700 900422',
          ...hill,
        }),
      ],
      [
        account('erp:tf-3', {
          kind: 'company',
          full_name: 'Beatrix Winstanley',
          company_name: 'Dunlin Catering Ltd',
          email: 'beatrix@dunlin.example',
          phone: '07700 900422',
          tax_id: 'GB444888909',
          ...yard,
        }),
        account('shop:tf-4', {
          given_name: 'Beatrix',
          family_name: 'Winstanley',
          company_name: 'Dunlin Catering',
          email: 'beatrix@dunlin.example',
          phone: '07700 900422',
          ...yard,
        }),
      ],
    ],
  },
  placeholders: {
    what: 'strangers who share what stands for "not known"',
    customers: ['Agatha Quennell', 'Barnaby Yaxley', 'Cordelia Zouch', 'Agatha Fenwick'].map(
      (full_name, index) => [
        account(`desk:ph-${index}`, {
          full_name,
          email: 'test@test.com',
          phone: '0000000',
          date_of_birth: '1900-01-01',
          street: 'n/a',
          city: 'n/a',
          postcode: 'n/a',
          tax_id: '000000000',
        }),
      ],
    ),
  },
};

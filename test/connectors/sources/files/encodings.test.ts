import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { guessCharset } from '../../../../connectors/sources/files/guess-charset.ts';
import { ExportFolder, readTable, requestFor } from './export-folder.ts';

let folder: ExportFolder | undefined;
afterEach(async () => {
  await folder?.remove();
  folder = undefined;
});

async function rowsOf(contents: string | Buffer, format: object = {}) {
  folder = await ExportFolder.create({ 'a.csv': contents });
  const { rows } = await readTable(folder, 'a.csv', { format });
  return rows.map((row) => row.slice(0, -1));
}

const japanese = 'id,名前,都市\r\n1,山田太郎,東京都\r\n2,さとう,おおさか\r\n3,アンナ・スミス,横浜市\r\n';
const japaneseRows = [
  ['1', '山田太郎', '東京都'],
  ['2', 'さとう', 'おおさか'],
  ['3', 'アンナ・スミス', '横浜市'],
];

describe('the encoding of a file', () => {
  it.each(['shift_jis', 'euc-jp', 'utf-8', 'utf-16le', 'utf-16be'])(
    'is found where it is that of Japanese text in %s, with a mark and without',
    async (encoding) => {
      expect(await rowsOf(iconv.encode(japanese, encoding, { addBOM: false }))).toEqual(japaneseRows);
      if (!encoding.startsWith('utf')) return;
      await folder?.remove();
      expect(await rowsOf(iconv.encode(japanese, encoding, { addBOM: true }))).toEqual(japaneseRows);
    },
  );

  it.each([
    ['shift_jis', '株式会社,東京'],
    ['euc-jp', 'ひらがな,東京'],
    ['gb18030', '你好,北京'],
    ['big5', '你好,臺北'],
    ['euc-kr', '안녕,서울'],
    ['koi8-r', 'Привет,Москва'],
    ['windows-1251', 'Привет,Москва'],
    ['windows-1250', 'Łódź,Kraków'],
    ['iso-8859-2', 'Łódź,Kraków'],
    ['iso-8859-15', 'Größe €,Köln'],
    ['cp850', 'Größe,Köln'],
    ['windows-1253', 'Γειά,Αθήνα'],
    ['utf-16', 'Γειά,Αθήνα'],
  ])('is %s where the config says so', async (encoding, line) => {
    const bytes = iconv.encode(`name,city\n${line}\n`, encoding);
    expect(await rowsOf(bytes, { encoding })).toEqual([line.split(',')]);
  });

  it.each([
    ['windows-1251', 'имя,город\nПривет,Москва\nАнна,Казань\n'],
    ['koi8-r', 'имя,город\nПривет,Москва\nАнна,Казань\n'],
    ['gb18030', '姓名,城市\n王伟,北京\n李娜,上海\n'],
    ['big5', '姓名,城市\n王偉,臺北\n李娜,高雄\n'],
    ['euc-kr', '이름,도시\n김민준,서울\n이서연,부산\n'],
    ['windows-1250', 'imię,miasto\nŁukasz,Łódź\nWałęsa,Gdańsk\nSławomir,Wrocław\n'],
  ])(
    'that is %s is not guessed, since in the wrong one every byte is some letter',
    async (encoding, text) => {
      await expect(rowsOf(iconv.encode(text, encoding))).rejects.toMatchObject({
        code: 'WC-FILE-002',
        message: 'the encoding of a.csv cannot be told: it is neither UTF-8 nor Western European text',
        where: expect.stringMatching(/^a\.csv:[1-4]$/),
        hint: expect.stringContaining('format: { encoding: … }'),
      });
    },
  );

  it('is that of the config also against the mark of another', async () => {
    await expect(rowsOf(Buffer.from([0xff, 0xfe, 0x61, 0x0a]), { encoding: 'utf-8' })).rejects.toMatchObject({
      code: 'WC-FILE-002',
      where: 'a.csv:1',
    });
  });

  it('that its mark says and its bytes do not is refused', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('id,name\n1,Ann\n')]);
    await expect(rowsOf(bytes)).rejects.toMatchObject({ code: 'WC-FILE-002', where: 'a.csv:1' });
  });

  it('that changes within the file is refused with the line', async () => {
    const bytes = Buffer.concat([
      Buffer.from('id,name\n1,Jürgen\n2,Zoë\n'),
      Buffer.from('3,Ren\xe9\n', 'latin1'),
    ]);
    await expect(rowsOf(bytes)).rejects.toMatchObject({
      code: 'WC-FILE-002',
      message: 'a.csv mixes encodings: most of it is UTF-8, and this line is not',
      where: 'a.csv:4',
    });
  });

  it.each([
    [
      'windows-1252',
      Buffer.from('id,name\n1,A\n2,B\x81\n', 'latin1'),
      'a.csv is not windows-1252: it has no byte 0x81',
    ],
    [
      'shift_jis',
      Buffer.from([0x61, 0x0a, 0x62, 0x0a, 0x82, 0x20, 0x0a]),
      'a.csv is not shift_jis: some bytes are none of its characters',
    ],
    [
      'utf-16le',
      Buffer.from([0x61, 0, 0x0a, 0, 0x62, 0, 0x0a, 0, 0x00, 0xd8, 0x63, 0]),
      'a.csv is not utf-16le: some bytes are none of its characters',
    ],
    [
      'utf-16le',
      Buffer.from([0x61, 0, 0x0a, 0, 0x62, 0, 0x0a, 0, 0x63]),
      'a.csv is not utf-16le: some bytes are none of its characters',
    ],
  ])('%s with bytes that it does not have is refused with the line', async (encoding, bytes, message) => {
    await expect(rowsOf(bytes, { encoding })).rejects.toMatchObject({
      code: 'WC-FILE-002',
      message,
      where: 'a.csv:3',
    });
  });

  it('is refused by a name that is none, with examples', async () => {
    await expect(rowsOf('a\n1\n', { encoding: 'utf-9' })).rejects.toMatchObject({ code: 'WC-CONFIG-002' });
  });

  it('that changes to UTF-8 far behind the sample is refused with the line', async () => {
    const western = iconv.encode(`id,name\n${'1,Jürgen Groß\n'.repeat(30_000)}`, 'windows-1252');
    const bytes = Buffer.concat([western, Buffer.from('2,Zoë\n3,Jürgen\n4,Café\n'.repeat(20_000))]);
    await expect(rowsOf(bytes)).rejects.toMatchObject({
      code: 'WC-FILE-002',
      message: 'a.csv mixes encodings: it begins in windows-1252, and this line is UTF-8',
      where: 'a.csv:30002',
    });
  });

  it('is kept in the form of the table, also where it shows far behind the sample', async () => {
    const plain = Array.from({ length: 40_000 }, (_, index) => `${index},Ann Smith\n`).join('');
    folder = await ExportFolder.create({
      'a.csv': iconv.encode(`id,name\n${plain}x,Jürgen\n`, 'windows-1252'),
    });
    const snapshot = await folder.source().openSnapshot(new AbortController().signal);
    const request = requestFor('a.csv');
    expect((await snapshot.form?.(request))?.form.forms[0]?.encoding).toBeNull();
    for await (const part of snapshot.read(request)) if (part.kind === 'csv') await part.bytes.toArray();
    expect((await snapshot.form?.(request))?.form.forms[0]?.encoding).toBe('windows-1252');
  });
});

describe('bytes that are not UTF-8', () => {
  const words = [
    'Jürgen',
    'Groß',
    'Übel',
    'Café',
    'naïve',
    'Señor',
    '€ 5',
    '“so”',
    'Smørrebrød',
    'Ann',
    'Bob',
    'Ñandú',
  ];

  it('are Western wherever Western words stand in them', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 30 }), (chosen) => {
        const bytes = iconv.encode(`é,${chosen.join(',')}\n`, 'windows-1252');
        expect(guessCharset(bytes)).toEqual({ name: 'windows-1252' });
      }),
      { numRuns: 300 },
    );
  });
});

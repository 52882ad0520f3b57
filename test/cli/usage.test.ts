import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConfigFolder, makeConfigFolder } from '../config/config-folder.ts';
import { runCommand } from './run-command.ts';

const cwd = tmpdir();

describe('the command line', () => {
  it('names the nearest verb for one that does not exist, and ends with 2', async () => {
    const { exitCode, stderr, stdout } = await runCommand(['chek'], { cwd });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toBe('WC-USAGE-001 unknown command `chek`\n  hint did you mean `check`?\n');
  });

  it('names the nearest option for one that does not exist, and ends with 2', async () => {
    const { exitCode, stderr } = await runCommand(['config', 'show', '--jsn'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toBe('WC-USAGE-001 unknown option `--jsn`\n  hint did you mean `--json`?\n');
  });

  it('gives an error as one JSON object on stderr with --json, and nothing on stdout', async () => {
    const { exitCode, stderr, stdout } = await runCommand(['chek', '--json'], { cwd });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'WC-USAGE-001',
        message: 'unknown command `chek`',
        where: null,
        hint: 'did you mean `check`?',
      },
    });
  });

  it('prints the version alone', async () => {
    const { exitCode, stdout } = await runCommand(['--version'], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('prints every verb without arguments, and an example in the help of each', async () => {
    const { exitCode, stdout } = await runCommand([], { cwd });
    expect(exitCode).toBe(0);
    const verbs = ['init', 'check', 'discover', 'config', 'preview', 'plan', 'run', 'status', 'query'];
    for (const verb of verbs) {
      expect(stdout).toMatch(new RegExp(`^  ${verb}\\b`, 'm'));
      const help = await runCommand([verb, '--help'], { cwd });
      expect([verb, help.exitCode]).toEqual([verb, 0]);
      if (verb !== 'config') expect(help.stdout).toMatch(/Examples:\n {2}\$ whalecurve /);
    }
  });
});

describe('a config error on the command line', () => {
  let folder: ConfigFolder;
  beforeAll(async () => {
    folder = await makeConfigFolder();
  });
  afterAll(() => folder.remove());

  it('ends with 2 and prints code, place, hint and the line with a caret', async () => {
    const file = await folder.write('wrong.yml', 'sources: {}\nreportng: {}\n');
    const { exitCode, stderr } = await runCommand(['config', 'show', '-c', file], { cwd: folder.path });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      [
        'WC-CONFIG-003 unknown key `reportng`',
        `  at   ${file}:2:1`,
        '  hint did you mean `reporting`?',
        '  2 │ reportng: {}',
        '    │ ^^^^^^^^',
      ].join('\n'),
    );
  });

  it('shows a config with its defaults and without its secrets', async () => {
    await folder.write(
      'whalecurve.yml',
      'sources: { one: { type: postgres, url: "${ONE_URL}", tables: {} } }\n',
    );
    const { exitCode, stdout } = await runCommand(['config', 'show', '--json'], {
      cwd: folder.path,
      environment: { ONE_URL: 'postgres://reader:hidden-4@db/x' },
    });
    expect(exitCode).toBe(0);
    const shown = JSON.parse(stdout);
    expect(shown.sources.one).toMatchObject({ url: '***', connect_timeout: 10 });
    expect(shown.warehouse.path).toBe(join(folder.path, 'warehouse.duckdb'));
    expect(stdout).not.toContain('hidden-4');
  });

  it('keeps the password out of an error, also out of its cause with --verbose', async () => {
    await folder.write('down.yml', 'sources: { one: { type: postgres, url: "${ONE_URL}", tables: {} } }\n');
    for (const words of [[], ['--verbose'], ['--verbose', '--json']]) {
      const { exitCode, stderr, stdout } = await runCommand(['discover', '-c', 'down.yml', ...words], {
        cwd: folder.path,
        environment: { ONE_URL: 'postgres://reader:hidden-5@127.0.0.1:1/x' },
      });
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toContain('WC-SOURCE-001');
      expect(stderr).toContain('127.0.0.1:1');
      expect(stderr).not.toContain('hidden-5');
      expect(stderr.includes('ECONNREFUSED')).toBe(true);
    }
  });

  it('prints JSON Schema for editors', async () => {
    const { stdout } = await runCommand(['config', 'schema'], { cwd: folder.path });
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object', required: ['sources'] });
  });
});

import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/**
 * Compiles one module of the project, with what it imports, below `folder`, so that a test can run it in a
 * process of its own and kill that. Gives the URL to import.
 */
export async function compiled(module: string, folder: string): Promise<string> {
  const root = process.cwd();
  const outDir = join(folder, 'compiled');
  await mkdir(outDir, { recursive: true });
  await writeFile(join(outDir, 'package.json'), '{ "type": "module" }');
  await symlink(resolve(root, 'node_modules'), join(outDir, 'node_modules'), 'junction');
  const config = join(outDir, 'tsconfig.json');
  const compilerOptions = {
    rootDir: root,
    outDir,
    noEmit: false,
    typeRoots: [resolve(root, 'node_modules/@types')],
  };
  await writeFile(
    config,
    JSON.stringify({
      extends: resolve(root, 'tsconfig.build.json'),
      files: [resolve(root, module)],
      include: [],
      compilerOptions,
    }),
  );
  await promisify(execFile)(process.execPath, [
    resolve(root, 'node_modules/typescript/bin/tsc'),
    '-p',
    config,
  ]);
  return pathToFileURL(join(outDir, module.replace(/\.ts$/, '.js'))).href;
}

// A folder imports only what stands below it. `order` is the house from the roof to the ground;
// `report` and `demo` are side wings that only the command line enters.
const order = ['cli', 'demo', 'report', 'pipelines', 'jobs', 'transforms', 'connectors', 'config'];

const upward = order.slice(1).map((folder, index) => ({
  name: `${folder}-imports-only-below`,
  comment: `${folder}/ may import only what stands below it`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: { path: `^(${order.slice(0, index + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...upward,
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-test-in-code',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^(test|bench)/' },
    },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};

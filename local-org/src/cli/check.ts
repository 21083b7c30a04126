import { launch } from './launch.ts';
import type { Command } from './usage.ts';
import { parseOptions } from './usage.ts';

/** `check`: loads and compiles everything, runs nothing. */
export const checkCommand: Command = {
  name: 'check',
  usage: 'check [--source DIR]',
  summary: 'Compiles Apex and reads metadata; reports what is wrong or unsupported',
  run(commandArguments) {
    const { values } = parseOptions(commandArguments, { source: { type: 'string', default: '.' } });
    const { org } = launch({ source: values.source });
    const { apex, bundles, components } = org.project;
    process.stdout.write(
      `Everything loads: ${apex.length} Apex files, ${bundles.length} Lightning web components, ${components.length} other components.\n`,
    );
    org.close();
    return 0;
  },
};

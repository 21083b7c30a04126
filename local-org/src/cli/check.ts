import { join } from 'node:path';
import { postInstallScriptProblem } from '../apex/library/Installation.ts';
import { checkLightning } from '../lightning/server/check.ts';
import { formatPosition } from '../project/errors.ts';
import { DEFAULT_DATA, definitionOption, launch } from './launch.ts';
import type { Command } from './usage.ts';
import { BEHAVIOUR_TYPES, unreadComponents } from './unreadComponents.ts';
import { parseOptions } from './usage.ts';

/** `check`: loads and compiles everything, runs nothing. */
export const checkCommand: Command = {
  name: 'check',
  usage: 'check [--source DIR] [--definition FILE] [--package-directory PATH]…',
  summary: 'Compiles Apex and components and reads metadata; reports what is wrong or unsupported',
  async run(commandArguments) {
    const { values } = parseOptions(commandArguments, {
      source: { type: 'string', default: '.' },
      'package-directory': { type: 'string', multiple: true, default: [] },
      definition: { type: 'string' },
    });
    const { org, compiled } = launch({
      source: values.source,
      packageDirectories: values['package-directory'],
      ...definitionOption(values.definition),
    });
    const { project, schema } = org;
    const installationProblem =
      project.postInstallScript === null
        ? null
        : postInstallScriptProblem(compiled.program.table, project.postInstallScript);
    org.close();
    const problems = await checkLightning(project, schema, join(project.directory, DEFAULT_DATA, 'cache'));
    for (const { severity, message, ...position } of problems) {
      const kind = severity === 'refusal' ? 'not supported: ' : '';
      process.stderr.write(`${formatPosition(position)}: ${kind}${message}\n`);
    }
    const { behaviour, others } = unreadComponents(project);
    for (const { type, fullName, root } of behaviour) {
      const consequence = BEHAVIOUR_TYPES.get(type) ?? '';
      process.stderr.write(`${formatPosition(root.position)}: not supported: ${type} ${fullName}: ${consequence}\n`);
    }
    const { unusedFeatures, unusedSettings } = project.orgShape;
    for (const feature of unusedFeatures) {
      process.stdout.write(`Without effect: the scratch org feature ${feature}\n`);
    }
    for (const setting of unusedSettings) {
      process.stdout.write(`Without effect: the scratch org setting ${setting}\n`);
    }
    for (const [type, count] of others) {
      process.stdout.write(`Not read: ${count} ${type}\n`);
    }
    if (installationProblem !== null) {
      process.stderr.write(`${join(project.directory, 'sfdx-project.json')}:1:1: ${installationProblem}\n`);
    }
    if (problems.length > 0 || installationProblem !== null || behaviour.length > 0) {
      return 1;
    }
    process.stdout.write(
      `Everything loads: ${project.apex.length} Apex files, ${project.bundles.length} Lightning web components, ${project.components.length} other components.\n`,
    );
    return 0;
  },
};

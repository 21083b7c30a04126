/** What a project holds and the local org does not act on. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { it } from 'node:test';
import { behaviourNotice } from '../../src/cli/unreadComponents.ts';
import { loadProject } from '../../src/project/loadProject.ts';
import { fixtures } from '../support/org.ts';

it('says nothing of quick actions, which pages show', () => {
  const project = loadProject(path.join(fixtures, 'lightning'));
  assert.ok(
    project.components.some(({ type }) => type === 'QuickAction'),
    'the project has some',
  );
  assert.doesNotMatch(behaviourNotice(project) ?? '', /QuickAction/);
});

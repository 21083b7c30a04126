/** Apps and tabs that the acting user sees (Salesforce Help, "View and Edit Tab Settings in Permission Sets and Profiles"). */
import type { App, Tab } from './metadata/application.ts';
import type { UiSession } from './session.ts';

/** Profiles without tabs of their own: every tab has to be granted. */
const PROFILES_WITHOUT_TABS: ReadonlySet<string> = new Set(['Minimum Access - Salesforce']);

/** The apps that the user's profile and permission sets make visible, with the tabs that stand in their navigation. */
export function visibleApps(session: UiSession): readonly App[] {
  const { grants } = session.context.org.security.user(session.user.id);
  const { project } = session.context.org;
  return session.context.metadata.apps
    .filter(
      (app) =>
        grants.isAdministrator ||
        grants.permissions.apps.has(app.name) ||
        // The app of a project that has none is everybody's.
        project.component('CustomApplication', app.name) === undefined,
    )
    .map((app) => ({ ...app, tabs: app.tabs.filter((tab) => isVisible(tab, session)) }));
}

function isVisible(tab: Tab, session: UiSession): boolean {
  const { org } = session.context;
  const { grants } = org.security.user(session.user.id);
  if (tab.kind === 'home' || grants.isAdministrator) return true;
  if (tab.kind === 'object') {
    const object = org.schema.object(tab.target);
    if (!object || !session.access.object(object).queryable) return false;
  }
  const granted = grants.permissions.tabs.get(tab.name);
  if (granted !== undefined) return granted;
  return tab.name.startsWith('standard-') && !grants.profileIsCustom && !PROFILES_WITHOUT_TABS.has(grants.profileName);
}

/** The project's components by name, loaded when a page first shows them. */
import { environment } from 'platform/environment';

const loaded = new Map<string, Promise<unknown>>();

/** Is there a component of that name in the project? */
export const hasComponent = (name: string): boolean => environment.components.includes(name);

/** Constructor of a component: `kpiChart` for `c/kpiChart`. Rejects when it cannot be loaded. */
export function componentConstructor(name: string): Promise<unknown> {
  let module = loaded.get(name);
  if (!module) {
    module = (import(`${environment.componentsUrl}/c/${name}.js`) as Promise<{ default: unknown }>).then(
      ({ default: constructor }) => constructor,
    );
    module.catch(() => loaded.delete(name));
    loaded.set(name, module);
  }
  return module;
}

/** `lightning/platformResourceLoader`: loads scripts and style sheets of static resources, each once a page. */

const loaded = new Map<string, Promise<void>>();

/** Resolves when the script ran; rejects when it cannot be loaded. */
export function loadScript(_component: unknown, url: string): Promise<void> {
  return load(url, () => Object.assign(document.createElement('script'), { src: url, type: 'text/javascript' }));
}

/** Resolves when the style sheet applies; rejects when it cannot be loaded. */
export function loadStyle(_component: unknown, url: string): Promise<void> {
  return load(url, () => Object.assign(document.createElement('link'), { href: url, rel: 'stylesheet' }));
}

function load(url: string, create: () => HTMLElement): Promise<void> {
  let promise = loaded.get(url);
  if (!promise) {
    promise = new Promise<void>((resolve, reject) => {
      const element = create();
      element.addEventListener('load', () => resolve());
      element.addEventListener('error', () => {
        loaded.delete(url);
        reject(new Error(`The static resource ${url} cannot be loaded.`));
      });
      document.head.append(element);
    });
    loaded.set(url, promise);
  }
  return promise;
}

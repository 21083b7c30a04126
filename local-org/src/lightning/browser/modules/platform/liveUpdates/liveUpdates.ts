/** Listens to the server: refetches records that changed elsewhere, reloads the page when components were rebuilt. */
import { notifyChanged } from 'platform/dataService';
import { environment } from 'platform/environment';

interface RecordChange {
  readonly id: string;
  readonly objectApiName: string;
  readonly operation: 'created' | 'updated' | 'deleted' | 'undeleted';
}

/** Opens the stream; the browser itself connects again after an interruption. */
export function listen(): void {
  const events = new EventSource(`/services/data/v${environment.apiVersion}/local-org/events`);
  events.addEventListener('records', (event) => {
    const { changes } = JSON.parse((event as MessageEvent<string>).data) as { changes: readonly RecordChange[] };
    void notifyChanged(
      changes.flatMap(({ id, objectApiName, operation }) => [
        `object:${objectApiName}`,
        ...(operation === 'deleted' ? [] : [id]),
      ]),
    );
  });
  events.addEventListener('build', (event) => {
    const { revision, problemsHtml } = JSON.parse((event as MessageEvent<string>).data) as {
      revision: number;
      problemsHtml: string;
    };
    if (revision === environment.revision) return;
    const problems = document.getElementById('local-org-problems');
    if (problemsHtml === '') location.reload();
    else if (problems) {
      // Written by this server from escaped text; components stay as they were until the source compiles again.
      problems.innerHTML = problemsHtml;
      problems.hidden = false;
    }
  });
}

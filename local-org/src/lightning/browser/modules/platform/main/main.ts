/** Starts the shell in the page. */
import '@lwc/synthetic-shadow';
import { createElement } from 'lwc';
import App from 'shell/app';
import { listen } from 'platform/liveUpdates';

listen();
const stage = document.getElementById('local-org-stage');
stage?.replaceChildren(createElement('shell-app', { is: App }));

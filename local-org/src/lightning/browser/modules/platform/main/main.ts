/** Starts the shell in the page, which has loaded synthetic shadow in a script before this one: it must come first. */
import { createElement } from 'lwc';
import App from 'shell/app';
import { listen } from 'platform/liveUpdates';

listen();
const stage = document.getElementById('local-org-stage');
stage?.replaceChildren(createElement('shell-app', { is: App }));

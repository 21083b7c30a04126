/** The browser side of the local org: builds it, serves it, and tells open pages what changed. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { loadProject } from '../../project/loadProject.ts';
import { respond } from '../../api/ui/index.ts';
import { notFound, UiApiError } from '../../api/ui/errors.ts';
import { lookupRecords, searchRecords } from '../../api/ui/lists.ts';
import { directionOf } from '../../api/ui/locale.ts';
import { objectOfId, recordTitle } from '../../api/ui/records.ts';
import { recordTypeChoices, recordTypeOfRecord } from '../../api/ui/recordTypes.ts';
import type { UiContext, UiSession } from '../../api/ui/session.ts';
import { inSession, openSession, visibleObject } from '../../api/ui/session.ts';
import { invokeApex } from './apex.ts';
import type { ApexInvocation } from './apex.ts';
import { sendBytes, sendFile, sendResource } from './assets.ts';
import { permissionsOf } from './permissions.ts';
import { Application, describeProblems } from './build/application.ts';
import { LwcCompiler } from './build/compiler.ts';
import { buildLibrary } from './build/library.ts';
import { designSystemDirectory } from './build/packages.ts';
import { EventStream } from './events.ts';
import { actionForm, recordActions, recordActivityActions } from './quickActions.ts';
import { endJob, jobsPage } from './setup.ts';
import { addViewAs, viewAsState } from './viewAs.ts';
import { readPageMetadata } from './metadata/index.ts';
import { contentSecurityPolicy, problemsHtml, renderPage, urls } from './page.ts';

export interface LightningOptions extends UiContext {
  /** Folder for built files; kept between starts. */
  readonly cacheDirectory: string;
  /** Rebuild and reload when a component's source changes. */
  readonly watch?: boolean;
  /** Told about problems in components, each line `file:line:column: message`. */
  readonly report?: (message: string) => void;
}

export interface Lightning {
  /** Problems that keep the components from compiling, as lines; '' when there are none. */
  problems(): string;
  /** Pushed to every open page: records that a transaction changed. */
  readonly events: EventStream;
  close(): Promise<void>;
}

const internal = '/services/data/:version/local-org';

/**
 * Builds the library and the project's components and adds the shell's routes to a server.
 * @throws ProjectError when pages, bundles or labels have problems; components that do not compile are shown in the page
 */
export async function registerLightning(server: FastifyInstance, options: LightningOptions): Promise<Lightning> {
  const { org, cacheDirectory, metadata, report = () => {} } = options;
  const pages = readPageMetadata(org.project, org.schema, metadata);
  const compiler = new LwcCompiler(cacheDirectory);
  const library = await buildLibrary(cacheDirectory, compiler);
  let { project } = org;
  let { labels } = pages;
  const application = new Application({
    library,
    compiler,
    source: () => ({ project, schema: org.schema, labels }),
    bundles: () => project.bundles,
  });
  const events = new EventStream();
  application.onBuild((state) => {
    if (state.problems.length > 0) report(describeProblems(state.problems));
    events.send('build', { revision: state.revision, problemsHtml: problemsHtml(state) });
  });
  await application.build();
  if (options.watch === true) {
    application.watch(project.packageDirectories, (file) => {
      if (!/[/\\]lwc[/\\]|[/\\]labels[/\\]/.test(file)) return;
      try {
        project = loadProject(org.project.directory);
        labels = readPageMetadata(project, org.schema, metadata).labels;
      } catch (fault) {
        report(fault instanceof Error ? fault.message : String(fault));
      }
    });
  }
  const endCommits = org.onCommit((changes) => events.send('records', { changes }));

  const shellStyles = readFileSync(path.join(import.meta.dirname, '../browser/shell.css'));
  server.get('/', (_request, reply) => reply.redirect('/lightning/page/home'));
  server.get('/lightning', (_request, reply) => reply.redirect('/lightning/page/home'));
  server.get('/lightning/*', (request, reply) => sendPage(request, reply));
  server.get<Wildcard>('/local-org/library/:version/*', (request, reply) =>
    sendFile(reply, library.directory, request.params['*'], 'immutable'),
  );
  server.get<Wildcard>('/local-org/application/:revision/*', (request, reply) =>
    sendBytes(reply, request.params['*'], application.state.files.get(request.params['*']), 'none'),
  );
  server.get<Wildcard>('/local-org/design-system/*', (request, reply) =>
    sendFile(reply, path.join(designSystemDirectory, 'assets'), request.params['*'], 'day'),
  );
  server.get(urls.shellStyles, (_request, reply) =>
    reply.header('cache-control', 'no-store').type('text/css; charset=utf-8').send(shellStyles),
  );
  server.get(urls.events, (request, reply) => events.accept(request, reply));
  server.get<Wildcard>('/resource/*', (request, reply) =>
    sendResource(project.ofType('StaticResource'), request.params['*'], reply),
  );

  const get = (
    url: string,
    work: (session: UiSession, parameters: Readonly<Record<string, string>>) => unknown,
  ): void => {
    server.get(internal + url, (request, reply) =>
      respond(reply, 'GET', () =>
        inSession(options, request, (session) =>
          work(session, {
            ...(request.query as Record<string, string>),
            ...(request.params as Record<string, string>),
          }),
        ),
      ),
    );
  };
  get('/pages/record/:id', (session, { id = '', app, formFactor }) => {
    const object = objectOfId(session, id);
    return {
      objectApiName: object.name,
      page: pages.recordPage({
        objectName: object.name,
        appName: app,
        formFactor: formFactor === 'Small' ? 'Small' : 'Large',
        profileName: session.user.profileName,
        recordType: recordTypeOfRecord(session, object, id)?.developerName ?? null,
      }),
    };
  });
  get('/pages/page/:name', (_session, { name = '' }) => {
    const page = pages.pages.get(name);
    if (!page) throw notFound();
    return { page };
  });
  get('/pages/home', () => ({ page: [...pages.pages.values()].find(({ type }) => type === 'HomePage') ?? null }));
  get('/actions/record/:id', (session, { id = '', names }) => ({
    actions: recordActions(session, pages, id, names === undefined ? null : names.split(',')),
  }));
  get('/actions/activities/:id', (session, { id = '' }) => ({ actions: recordActivityActions(session, pages, id) }));
  get('/actions/form/:name', (session, { name = '', recordId }) => actionForm(session, name, recordId));
  get('/record-title/:id', (session, { id = '' }) => recordTitle(session, id));
  get('/record-types/:object', (session, { object = '' }) =>
    recordTypeChoices(session, visibleObject(session, object)),
  );
  get('/search', (session, { q = '', object = '', size }) => {
    if (q.trim().length < 2) throw new UiApiError(400, 'SEARCH_TERM_TOO_SHORT', 'Type at least two characters.');
    const objects = object === '' ? searchedObjects(session) : [visibleObject(session, object)];
    return { groups: searchRecords(session, objects, q, size === undefined ? undefined : Math.min(Number(size), 200)) };
  });
  get('/lookup/:object', (session, { object = '', q = '', pageSize = '10' }) =>
    lookupRecords(session, visibleObject(session, object), q, Number(pageSize), 0),
  );
  get('/setup/:page', (session, { page = '', pageSize }) =>
    jobsPage(session, page, pageSize === undefined ? undefined : Number(pageSize)),
  );
  server.delete<{ Params: { readonly id: string } }>(`${internal}/setup/jobs/:id`, (request, reply) =>
    respond(reply, 'DELETE', () => inSession(options, request, (session) => endJob(session, request.params.id))),
  );
  addViewAs(server, org, `${internal}/view-as`);
  server.post(`${internal}/apex`, (request, reply) =>
    invokeApex(options, request, reply, request.body as ApexInvocation),
  );

  function sendPage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const formFactor = /Mobi|iPhone|Android/.test(request.headers['user-agent'] ?? '') ? 'Small' : 'Large';
    const nonce = randomBytes(16).toString('base64');
    const html = org.transaction({ userId: options.userIdOf(request) }, (transaction) => {
      const session = openSession(options, transaction);
      const { state } = application;
      const environment = {
        apiVersion: '67.0',
        user: session.user,
        organization: { id: org.organizationId, name: project.orgShape.name },
        i18n: session.formatter.properties(),
        formFactor,
        ...permissionsOf(org, transaction.userId),
        viewAs: viewAsState(org, request, transaction),
        componentsUrl: urls.application(state.revision),
        components: state.components,
        revision: state.revision,
      };
      return renderPage({
        library,
        application: state,
        environment,
        language: session.formatter.facts.language,
        direction: directionOf(session.formatter.facts.language),
        title: 'Local Org',
        nonce,
      });
    });
    return reply
      .header('cache-control', 'no-store')
      .header('content-security-policy', contentSecurityPolicy(nonce))
      .type('text/html; charset=utf-8')
      .send(html);
  }

  return {
    events,
    problems: () => describeProblems(application.state.problems),
    async close() {
      endCommits();
      events.close();
      await application.close();
    },
  };
}

interface Wildcard {
  Params: { readonly '*': string };
}

/** Objects that global search looks into: those with a tab in an app, without duplicates. */
function searchedObjects(session: UiSession) {
  const { metadata, org } = session.context;
  const names = new Set([
    ...metadata.apps.flatMap(({ tabs }) => tabs.flatMap(({ kind, target }) => (kind === 'object' ? [target] : []))),
    'Account',
    'Contact',
    'Opportunity',
  ]);
  return [...names].flatMap((name) => {
    const object = org.schema.object(name);
    return object && session.access.object(object).queryable ? [object] : [];
  });
}

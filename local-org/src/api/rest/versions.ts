import type { FastifyInstance } from 'fastify';
import { API_VERSIONS, DATA_PATH, instanceUrl } from '../context.ts';
import type { ApiContext } from '../context.ts';
import { resource } from './resource.ts';
import type { ApiRequest } from './resource.ts';

/** Resources of the version, as the platform lists them; only those that are served. */
const RESOURCES = ['composite', 'limits', 'query', 'queryAll', 'sobjects', 'tooling', 'ui-api'] as const;

/** `/services/data`, `/services/data/v67.0`, the identity service and userinfo. */
export function addVersions(server: FastifyInstance, { org }: ApiContext): void {
  resource(server, '/services/data', {
    GET: () => API_VERSIONS,
  });
  resource(server, DATA_PATH, {
    GET: (request) => ({
      ...Object.fromEntries(RESOURCES.map((name) => [name, `${DATA_PATH}/${name}`])),
      identity: `${instanceUrl(request)}/id/${org.organizationId}/${request.userId}`,
    }),
  });
  const identity = (request: ApiRequest): Record<string, unknown> => {
    const user = org.transaction({ userId: request.userId }, (transaction) =>
      transaction.query(`SELECT Id, Username, Name, Email FROM User WHERE Id = '${request.userId}'`, {
        accessMode: 'system',
        sharing: 'without',
      }),
    ).records[0]?.values;
    const base = `${instanceUrl(request)}/services/data/v{version}`;
    return {
      id: `${instanceUrl(request)}/id/${org.organizationId}/${request.userId}`,
      user_id: request.userId,
      organization_id: org.organizationId,
      username: user?.get('Username'),
      preferred_username: user?.get('Username'),
      display_name: user?.get('Name'),
      name: user?.get('Name'),
      email: user?.get('Email'),
      active: true,
      urls: { rest: `${base}/`, query: `${base}/query/`, sobjects: `${base}/sobjects/` },
    };
  };
  resource(server, '/id/:organizationId/:userId', { GET: identity });
  resource(server, '/services/oauth2/userinfo', { GET: identity });
}

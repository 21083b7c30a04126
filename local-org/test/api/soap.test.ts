/** The SOAP service: what a well-behaved client never sends. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { TOKEN, startRestServer } from './restServer.ts';
import type { RestServer } from './restServer.ts';

let rest: RestServer;
before(async () => {
  rest = await startRestServer();
});
after(() => rest.close());

async function send(body: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${rest.url}/services/Soap/s/67.0`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml' },
    body,
  });
  return { status: response.status, text: await response.text() };
}

const envelope = (token: string, body: string): string =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:a="http://soap.sforce.com/2006/08/apex"><e:Header><a:SessionHeader><a:sessionId>${token}</a:sessionId></a:SessionHeader></e:Header><e:Body>${body}</e:Body></e:Envelope>`;

void describe('SOAP', () => {
  const refused: [what: string, body: () => string, code: string, message: RegExp][] = [
    ['a wrong session', () => envelope('wrong', '<a:executeAnonymous/>'), 'sf:INVALID_SESSION_ID', /Illegal Session/],
    ['another operation', () => envelope(TOKEN, '<a:compileClasses/>'), 'soapenv:Client', /No operation available/],
    ['an operation without source', () => envelope(TOKEN, '<a:executeAnonymous/>'), 'soapenv:Client', /Apex source/],
    [
      'an org without Apex',
      () => envelope(TOKEN, '<a:executeAnonymous><String>x</String></a:executeAnonymous>'),
      'sf:NOT_IMPLEMENTED',
      /without Apex/,
    ],
    ['an empty body', () => envelope(TOKEN, ''), 'soapenv:Client', /no operation/],
    ['broken XML', () => '<e:Envelope', 'soapenv:Client', /not well-formed/],
    [
      'a document type',
      () => `<!DOCTYPE x [<!ENTITY y "z">]>${envelope(TOKEN, '')}`,
      'soapenv:Client',
      /document type/,
    ],
    ['something else', () => '<hello/>', 'soapenv:Client', /SOAP 1\.1 envelope/],
  ];
  for (const [what, body, code, message] of refused) {
    void it(`refuses ${what}`, async () => {
      const { status, text } = await send(body());
      assert.equal(status, 500);
      assert.match(text, new RegExp(`<faultcode>${code}</faultcode>`));
      assert.match(text, message);
    });
  }
});

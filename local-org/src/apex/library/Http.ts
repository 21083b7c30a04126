/** Callouts: in tests the mock answers; outside of tests they are refused, since the local org calls nobody. */
import { ApexBlob } from '../../values/ApexBlob.ts';
import { ApexList } from '../execution/ApexList.ts';
import { ApexMap } from '../execution/ApexMap.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { bean, Bean, typeNamed } from './bean.ts';
import { VIRTUAL, type LibraryClass } from './define.ts';

/** Headers, body and the rest of a request or response. */
const byFoldedText = (left: string, right: string): number => (left.toLowerCase() < right.toLowerCase() ? -1 : 1);

class HttpMessage extends Bean {
  readonly headers = new Map<string, string>();
  body = new ApexBlob(new Uint8Array());
  header(name: string): string | null {
    for (const [key, value] of this.headers) if (key.toLowerCase() === name.toLowerCase()) return value;
    return null;
  }
}
export class HttpRequest extends HttpMessage {}
export class HttpResponse extends HttpMessage {}

interface CalloutMock {
  respond$HttpRequest?(request: HttpRequest): HttpResponse;
}

const messageMethods: NonNullable<LibraryClass['methods']> = {
  'String getBody()': (self: HttpMessage) => self.body.toText(),
  'Blob getBodyAsBlob()': (self: HttpMessage) => self.body,
  'void setBody(String body)': (self: HttpMessage, body: string) =>
    void (self.body = ApexBlob.fromText(body ?? nullPointer())),
  'void setBodyAsBlob(Blob body)': (self: HttpMessage, body: ApexBlob) => void (self.body = body ?? nullPointer()),
  'String getHeader(String name)': (self: HttpMessage, name: string) => self.header(name),
  'void setHeader(String name, String value)': (self: HttpMessage, name: string, value: string) =>
    void self.headers.set(name, value),
};

function send(_: unknown, request: HttpRequest): HttpResponse {
  const running = execution();
  running.transaction.limits.count('callouts');
  if (!running.test)
    throw makeException('CalloutException', 'The local org makes no callouts: mock them in tests (Test.setMock)');
  const mock = running.test.mocks.get('HttpCalloutMock') as CalloutMock | StaticMock | undefined;
  if (mock instanceof StaticMock) return mock.answer();
  if (!mock || typeof mock.respond$HttpRequest !== 'function') {
    throw makeException('CalloutException', 'Methods defined as TestMethod do not support Web service callouts');
  }
  return mock.respond$HttpRequest(request ?? nullPointer());
}

interface ServiceMock {
  doinvoke$Object$Object$Map_String_Object$String$String$String$String$String$String?(...values: unknown[]): void;
}

/** A SOAP operation of a class that was made from WSDL: endpoint, action, namespaces and names stand in `info`. */
function invokeService(stub: unknown, request: unknown, response: ApexMap, info: ApexList): void {
  const running = execution();
  running.transaction.limits.count('callouts');
  if (!running.test)
    throw makeException('CalloutException', 'The local org makes no callouts: mock them in tests (Test.setMock)');
  const mock = running.test.mocks.get('WebServiceMock') as ServiceMock | undefined;
  if (typeof mock?.doinvoke$Object$Object$Map_String_Object$String$String$String$String$String$String !== 'function')
    throw makeException('CalloutException', 'Methods defined as TestMethod do not support Web service callouts');
  const [endpoint, action, , requestName, responseNamespace, responseName, responseType] = (info ?? nullPointer())
    .items;
  mock.doinvoke$Object$Object$Map_String_Object$String$String$String$String$String$String(
    stub,
    request,
    response,
    endpoint,
    action,
    requestName,
    responseNamespace,
    responseName,
    responseType,
  );
}

class StaticMock extends Bean {
  readonly headers = new Map<string, string>();
  answer(): HttpResponse {
    const name = this.get<string>('StaticResource') ?? '';
    throw makeException('CalloutException', `StaticResourceCalloutMock is not supported by the local org: ${name}`);
  }
}

const restMap = (): ApexMap => new ApexMap(typeNamed('Map<String,String>'));
class RestRequest extends Bean {}
class RestResponse extends Bean {}

/** A RestRequest with nothing in it. */
export function newRestRequest(): Bean {
  const request = new RestRequest();
  request.values.set('headers', restMap());
  request.values.set('params', restMap());
  return request;
}

/** A RestResponse with nothing in it. */
export function newRestResponse(): Bean {
  const response = new RestResponse();
  response.values.set('headers', restMap());
  return response;
}

export const httpClasses: readonly LibraryClass[] = [
  bean({
    name: 'HttpRequest',
    hidden: true,
    instance: HttpRequest,
    fields: [
      'String Method',
      'String Endpoint',
      'Integer Timeout',
      'Boolean Compressed',
      'String ClientCertificateName',
    ],
    methods: messageMethods,
  }),
  bean({
    name: 'HttpResponse',
    hidden: true,
    instance: HttpResponse,
    fields: ['String Status', 'Integer StatusCode'],
    methods: {
      ...messageMethods,
      'List<String> getHeaderKeys()': (self: HttpMessage) =>
        new ApexList(typeNamed('List<String>'), [...self.headers.keys()].sort(byFoldedText)),
    },
  }),
  bean({ name: 'Http', fields: [], methods: { 'HttpResponse send(HttpRequest request)': send } }),
  { name: 'HttpCalloutMock', kind: 'interface', methods: { 'HttpResponse respond(HttpRequest request)': VIRTUAL } },
  {
    name: 'WebServiceMock',
    kind: 'interface',
    methods: {
      'void doInvoke(Object stub, Object request, Map<String,Object> response, String endpoint, String soapAction, String requestName, String responseNamespace, String responseName, String responseType)':
        VIRTUAL,
    },
  },
  {
    name: 'WebServiceCallout',
    statics: {
      'void invoke(Object stub, Object request, Map<String,Object> response, List<String> info)': invokeService,
    },
  },
  bean({
    name: 'RestRequest',
    fields: [
      'Map<String,String> headers',
      'String httpMethod',
      'Map<String,String> params',
      'String remoteAddress',
      'Blob requestBody',
      'String requestURI',
      'String resourcePath',
    ],
    instance: RestRequest,
    constructors: { '()': newRestRequest },
    methods: {
      'void addHeader(String name, String value)': (self: Bean, name: string, value: string) =>
        void self.get<ApexMap>('headers')?.put(name, value),
      'void addParameter(String name, String value)': (self: Bean, name: string, value: string) =>
        void self.get<ApexMap>('params')?.put(name, value),
    },
  }),
  bean({
    name: 'RestResponse',
    fields: ['Map<String,String> headers', 'Blob responseBody', 'Integer statusCode'],
    instance: RestResponse,
    constructors: { '()': newRestResponse },
    methods: {
      'void addHeader(String name, String value)': (self: Bean, name: string, value: string) =>
        void self.get<ApexMap>('headers')?.put(name, value),
    },
  }),
  {
    name: 'RestContext',
    constants: {},
    statics: {},
    staticProperties: {
      'RestRequest request': {
        get: () => execution().extras.get('restRequest') ?? null,
        set: (value: unknown) => void execution().extras.set('restRequest', value),
      },
      'RestResponse response': {
        get: () => execution().extras.get('restResponse') ?? null,
        set: (value: unknown) => void execution().extras.set('restResponse', value),
      },
    },
  },
];

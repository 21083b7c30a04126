/** Library of ordinary packages: pages, XML, addresses, formulas, actions, search, cursors. Each method is a test of its own. */
import { test } from 'node:test';
import { metadata } from '../project/temporaryProject.ts';
import { assertPasses } from '../traps/trap.ts';

const page = (name: string): Record<string, string> => ({
  [`force-app/main/pages/${name}.page`]: '<apex:page/>',
  [`force-app/main/pages/${name}.page-meta.xml`]: metadata(
    'ApexPage',
    `<apiVersion>67.0</apiVersion><label>${name}</label>`,
  ),
});

void test('pages: addresses, parameters, messages and standard controllers', () =>
  assertPasses(
    {
      files: page('Overview'),
      apex: {
        PageTest: `@IsTest private class PageTest {
  @IsTest static void addresses() {
    PageReference target = Page.overview;
    target.getParameters().put('id', 'a b&c');
    target.setAnchor('top').setRedirect(true);
    Assert.areEqual('/apex/Overview?id=a+b%26c#top', target.getUrl());
    Assert.isTrue(target.getRedirect());
    PageReference parsed = new PageReference('/apex/Overview?Retry=1&x=%20y');
    Assert.areEqual('1', parsed.getParameters().get('retry'));
    Assert.areEqual(' y', parsed.getParameters().get('x'));
    Test.setCurrentPage(parsed);
    Assert.areEqual('1', ApexPages.currentPage().getParameters().get('Retry'));
  }
  @IsTest static void messages() {
    Test.setCurrentPage(Page.Overview);
    Assert.isFalse(ApexPages.hasMessages());
    ApexPages.addMessage(new ApexPages.Message(ApexPages.Severity.WARNING, 'Careful', 'Very'));
    ApexPages.addMessage(new ApexPages.Message(ApexPages.Severity.WARNING, 'Careful', 'Very'));
    try { insert new Account(); } catch (DmlException error) { ApexPages.addMessages(error); }
    Assert.areEqual(2, ApexPages.getMessages().size());
    Assert.areEqual('Very', ApexPages.getMessages()[0].getDetail());
    Assert.isTrue(ApexPages.hasMessages(ApexPages.Severity.ERROR));
    Assert.isFalse(ApexPages.hasMessages(ApexPages.Severity.FATAL));
  }
  @IsTest static void standardController() {
    Account made = new Account(Name = 'First');
    ApexPages.StandardController controller = new ApexPages.StandardController(made);
    Assert.areEqual('/' + made.Id, controller.save().getUrl().replace(controller.getId(), 'null').left(5));
    Assert.areEqual(1, [SELECT COUNT() FROM Account]);
    Account broken = new Account();
    Assert.isNull(new ApexPages.StandardController(broken).save());
    Assert.isTrue(ApexPages.hasMessages(ApexPages.Severity.ERROR));
    try { controller.addFields(new List<String>{ 'Name' }); Assert.fail(); }
    catch (SObjectException error) { Assert.isTrue(error.getMessage().startsWith('You cannot call addFields')); }
  }
  @IsTest static void setController() {
    List<Account> made = new List<Account>();
    for (Integer i = 0; i < 45; i++) { made.add(new Account(Name = 'Account ' + i)); }
    insert made;
    ApexPages.StandardSetController controller = new ApexPages.StandardSetController(made);
    Assert.areEqual(20, controller.getRecords().size());
    controller.last();
    Assert.areEqual(3, controller.getPageNumber());
    Assert.areEqual(5, controller.getRecords().size());
    Assert.isFalse(controller.getHasNext());
    controller.setSelected(new List<Account>{ made[0] });
    ((Account) controller.getRecord()).Industry = 'Energy';
    Assert.isNotNull(controller.save());
    Assert.areEqual(1, [SELECT COUNT() FROM Account WHERE Industry = 'Energy']);
  }
  @IsTest static void options() {
    SelectOption option = new SelectOption('v', 'l', true);
    Assert.areEqual('v l true', option.getValue() + ' ' + option.getLabel() + ' ' + option.getDisabled());
  }
}`,
      },
    },
    5,
  ));

void test('XML is read and written, as a tree and as a stream', () =>
  assertPasses(
    {
      apex: {
        XmlTest: `@IsTest private class XmlTest {
  @IsTest static void tree() {
    Dom.Document document = new Dom.Document();
    Dom.XmlNode root = document.createRootElement('order', 'urn:o', 'o');
    root.setAttribute('number', '1');
    Dom.XmlNode line = root.addChildElement('line', null, null);
    line.addTextNode('a < b');
    Assert.areEqual('<?xml version="1.0" encoding="UTF-8"?><o:order xmlns:o="urn:o" number="1"><line>a &lt; b</line></o:order>', document.toXmlString());
    Dom.Document read = new Dom.Document();
    read.load(document.toXmlString());
    Dom.XmlNode again = read.getRootElement();
    Assert.areEqual('order urn:o 1', again.getName() + ' ' + again.getNamespace() + ' ' + again.getAttributeValue('number', null));
    Assert.areEqual('a < b', again.getChildElement('line', null).getText());
    Assert.areEqual(Dom.XmlNodeType.TEXT, again.getChildElements()[0].getChildren()[0].getNodeType());
    Assert.isNull(again.getChildElement('other', null));
    try { read.load('<a><b></a>'); Assert.fail(); } catch (XmlException error) { Assert.isNotNull(error.getMessage()); }
  }
  @IsTest static void stream() {
    XmlStreamWriter writer = new XmlStreamWriter();
    writer.writeStartDocument('UTF-8', '1.0');
    writer.writeStartElement(null, 'books', null);
    writer.writeStartElement(null, 'book', null);
    writer.writeAttribute(null, null, 'author', 'A & B');
    writer.writeCharacters('Title');
    writer.writeEndElement();
    writer.writeEmptyElement(null, 'end', null);
    writer.writeEndElement();
    writer.writeEndDocument();
    String xml = writer.getXmlString();
    Assert.areEqual('<?xml version="1.0" encoding="UTF-8"?><books><book author="A &amp; B">Title</book><end/></books>', xml);
    XmlStreamReader reader = new XmlStreamReader(xml);
    List<String> seen = new List<String>();
    while (reader.hasNext()) {
      reader.next();
      if (reader.isStartElement()) { seen.add(reader.getLocalName() + reader.getAttributeCount()); }
      if (reader.getEventType() == XmlTag.CHARACTERS) { seen.add(reader.getText()); }
    }
    Assert.areEqual('(books0, book1, Title, end0)', String.valueOf(seen));
  }
  @IsTest static void addresses() {
    Url address = new Url('https://user@example.com:8443/a/b?c=d#e');
    Assert.areEqual('example.com 8443 /a/b c=d e /a/b?c=d', String.join(new List<Object>{
      address.getHost(), address.getPort(), address.getPath(), address.getQuery(), address.getRef(), address.getFile() }, ' '));
    Assert.areEqual(-1, new Url('https://example.com').getPort());
    Assert.areEqual('https', Url.getOrgDomainUrl().getProtocol());
    try { Object broken = new Url('nowhere'); Assert.fail(); } catch (StringException error) { Assert.isTrue(error.getMessage().contains('no protocol')); }
  }
}`,
      },
    },
    3,
  ));

void test('formulas, invocable actions, cursors and the recycle bin', () =>
  assertPasses(
    {
      apex: {
        Context: 'global class Context { global Account record; global Integer factor; }',
        Doubler: `public class Doubler {
  @InvocableMethod(label='Doubles') public static List<Integer> doubled(List<Integer> values) {
    List<Integer> results = new List<Integer>();
    for (Integer value : values) { results.add(value * 2); }
    return results;
  } }`,
        LibraryTest: `@IsTest private class LibraryTest {
  @IsTest static void formulas() {
    FormulaEval.FormulaInstance onRecord = Formula.builder().withType(Account.SObjectType)
      .withReturnType(FormulaEval.FormulaReturnType.BOOLEAN).withFormula('Name = "A" && NumberOfEmployees > 3').build();
    Assert.areEqual(true, onRecord.evaluate(new Account(Name = 'A', NumberOfEmployees = 4)));
    Assert.areEqual(false, onRecord.evaluate(new Account(Name = 'B', NumberOfEmployees = 4)));
    FormulaEval.FormulaInstance onObject = Formula.builder().withType(Context.class)
      .withReturnType(FormulaEval.FormulaReturnType.INTEGER).withFormula('record.NumberOfEmployees * factor').build();
    Context context = new Context();
    context.record = new Account(NumberOfEmployees = 6);
    context.factor = 7;
    Assert.areEqual(42, onObject.evaluate(context));
    try {
      Formula.builder().withType(Account.SObjectType).withReturnType(FormulaEval.FormulaReturnType.BOOLEAN).withFormula('Nothing = 1').build();
      Assert.fail();
    } catch (FormulaValidationException error) { Assert.isTrue(error.getMessage().contains('Nothing')); }
  }
  @IsTest static void actions() {
    Invocable.Action action = Invocable.Action.createCustomAction('apex', 'Doubler');
    action.setInvocationParameter('values', 21);
    List<Invocable.Action.Result> results = action.invoke();
    Assert.isTrue(results[0].isSuccess());
    Assert.areEqual(42, results[0].getOutputParameters().get('output'));
    Invocable.Action unknown = Invocable.Action.createCustomAction('flow', 'Nowhere');
    unknown.addInvocation();
    Assert.isFalse(unknown.invoke()[0].isSuccess());
    Invocable.Action.Result made = (Invocable.Action.Result) JSON.deserialize('{"success":true,"errors":[{"code":"C","message":"M"}]}', Invocable.Action.Result.class);
    Assert.areEqual('M', made.getErrors()[0].getMessage());
  }
  @IsTest static void cursors() {
    List<Account> made = new List<Account>();
    for (Integer i = 0; i < 30; i++) { made.add(new Account(Name = 'Account')); }
    insert made;
    Database.Cursor cursor = Database.getCursor('SELECT Id FROM Account');
    Assert.areEqual(30, cursor.getNumRecords());
    Assert.areEqual(10, cursor.fetch(20, 50).size());
    Assert.areEqual(1, Limits.getFetchCallsOnApexCursor());
    Assert.areEqual(10, Limits.getLimitFetchCallsOnApexCursor());
  }
  @IsTest static void recycleBin() {
    Account made = new Account(Name = 'Gone');
    insert made;
    Assert.isFalse(Database.emptyRecycleBin(made).isSuccess());
    delete made;
    Assert.isTrue(Database.emptyRecycleBin(new List<Id>{ made.Id })[0].isSuccess());
    Assert.areEqual(0, [SELECT COUNT() FROM Account WHERE Id = :made.Id ALL ROWS]);
  }
  @IsTest static void createdDate() {
    Account made = new Account(Name = 'Old');
    insert made;
    Test.setCreatedDate(made.Id, Datetime.newInstanceGmt(2001, 2, 3));
    Assert.areEqual(Datetime.newInstanceGmt(2001, 2, 3), [SELECT CreatedDate FROM Account].CreatedDate);
  }
  @IsTest static void results() {
    Database.SaveResult saved = (Database.SaveResult) JSON.deserialize(
      '{"success":false,"errors":[{"statusCode":"REQUIRED_FIELD_MISSING","message":"Name","fields":["Name"]}]}', Database.SaveResult.class);
    Assert.isFalse(saved.isSuccess());
    Assert.areEqual(StatusCode.REQUIRED_FIELD_MISSING, saved.getErrors()[0].getStatusCode());
  }
  @IsTest static void searches() {
    Account made = new Account(Name = 'Searched');
    insert made;
    Test.setFixedSearchResults(new List<Id>{ made.Id });
    Assert.areEqual(1, Search.query('FIND {Searched} RETURNING Account(Name)')[0].size());
    Assert.areEqual(made.Id, Search.find('FIND {Searched} RETURNING Account(Name)').get('Account')[0].getSObject().Id);
  }
  @IsTest static void describes() {
    Schema.PicklistEntry entry = Account.Industry.getDescribe().getPicklistValues()[0];
    Assert.areEqual(entry.getValue() + entry.getLabel(), entry.value + entry.label);
    Assert.areEqual('Name', Account.fields.Name.getDescribe().getName());
    Assert.isTrue(Account.fields.getMap().containsKey('NAME'));
    Assert.areEqual('Manual', AccountShare.RowCause.Manual);
    Assert.isNull(Integer.valueOf((Object) null));
    Id odd = '001000000000000001';
    Assert.areEqual('001000000000000001', odd);
    Account changed = new Account();
    Decimal copy = changed.NumberOfEmployees = 5;
    Assert.areEqual(6, copy + 1);
  }
}`,
      },
    },
    8,
  ));

void test('web service callouts are answered by their mock, deployments refused in tests', () =>
  assertPasses(
    {
      apex: {
        ServiceTest: `@IsTest private class ServiceTest {
  class Mock implements WebServiceMock {
    public void doInvoke(Object stub, Object request, Map<String, Object> response, String endpoint, String action, String requestName, String responseNamespace, String responseName, String responseType) {
      response.put('response_x', endpoint + responseType);
    }
  }
  class Callback implements Metadata.DeployCallback {
    public void handleResult(Metadata.DeployResult result, Metadata.DeployCallbackContext context) {}
  }
  @IsTest static void invoke() {
    Test.setMock(WebServiceMock.class, new Mock());
    Map<String, Object> response = new Map<String, Object>{ 'response_x' => null };
    WebServiceCallout.invoke(null, null, response, new List<String>{ 'there', '', 'urn:a', 'ask', 'urn:a', 'answer', 'Answer' });
    Assert.areEqual('thereAnswer', response.get('response_x'));
  }
  @IsTest static void deploy() {
    Metadata.CustomMetadata made = new Metadata.CustomMetadata();
    made.fullName = 'T.R';
    Metadata.CustomMetadataValue value = new Metadata.CustomMetadataValue();
    value.field = 'F__c';
    made.values.add(value);
    Metadata.DeployContainer container = new Metadata.DeployContainer();
    container.addMetadata(made);
    Assert.areEqual(1, container.getMetadata().size());
    Metadata.DeployResult result = new Metadata.DeployResult();
    result.details = new Metadata.DeployDetails();
    Assert.isTrue(JSON.serialize(result).contains('"componentFailures":[]'));
    List<Object> objects = new List<Object>{ made, new RestResponse(), OrgLimits.getMap().get('DailyApiRequests'), Test.getEventBus(), new Cookie('a', 'b', null, -1, false) };
    Assert.isTrue(objects[0] instanceof Metadata.CustomMetadata && objects[1] instanceof RestResponse && objects[2] instanceof OrgLimit);
    Assert.isTrue(objects[3] instanceof EventBus.TestBroker && objects[4] instanceof Cookie);
    try { Metadata.Operations.enqueueDeployment(container, new Callback()); Assert.fail(); }
    catch (AsyncException error) { Assert.isTrue(error.getMessage().contains('from within a test')); }
  }
}`,
        Rows: `public class Rows extends VisualEditor.DynamicPickList {
  public override VisualEditor.DataRow getDefaultValue() { return new VisualEditor.DataRow('A', 'a'); }
  public override VisualEditor.DynamicPickListRows getValues() {
    VisualEditor.DynamicPickListRows rows = new VisualEditor.DynamicPickListRows();
    rows.addRow(getDefaultValue());
    return rows;
  } }`,
        RowsTest: `@IsTest private class RowsTest {
  @IsTest static void values() {
    Rows rows = new Rows();
    Assert.areEqual('A', rows.getValues().get(0).getLabel());
    Assert.isTrue(rows.isValid('a'));
  }
}`,
      },
    },
    3,
  ));

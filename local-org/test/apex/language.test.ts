import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Decimal } from '../../src/values/Decimal.ts';
import { ApexCompileError } from '../../src/apex/ApexCompileError.ts';
import { compileSources, run } from './fake.ts';

/** Runs statements in a static method and returns what they return, as text. */
function evaluate(body: string, members = ''): unknown {
  const compiled = compileSources({
    Probe: `public class Probe { ${members} public static Object run() { ${body} } }`,
  });
  const value = run(compiled, 'Probe', 'run');
  return value === null || ['string', 'number', 'boolean', 'bigint'].includes(typeof value)
    ? value
    : (value as Decimal).toString();
}

test('numbers wrap, truncate, promote and keep their scale', () => {
  assert.equal(evaluate('Integer i = 2147483647; i++; return i;'), -2147483648);
  assert.equal(evaluate('return 7 / 2;'), 3);
  assert.equal(evaluate('return -7 / 2;'), -3);
  assert.equal(evaluate('Long l = 9223372036854775807L; return l + 1;'), -9223372036854775808n);
  assert.equal(evaluate('Integer i = 65536; return i * i;'), 0);
  assert.equal(evaluate('return 1.50 + 1;'), '2.50');
  assert.equal(evaluate('Decimal d = 10; return d / 4;'), '2.5');
  assert.equal(evaluate('return 1.1 == 1.10;'), true);
  assert.equal(evaluate('Double d = 1; return d;'), '1.0');
  assert.equal(evaluate('return 1 << 33;'), 2);
  assert.equal(evaluate('return -1 >>> 28;'), 15);
  assert.equal(evaluate('Integer x = 5; x -= 2; x *= 4; return x + (x++) + (++x);'), 12 + 12 + 14);
  assert.equal(evaluate('return (Integer) 3.99;'), 3);
});

test('text ignores case with ==, not with equals, Set and Map', () => {
  assert.equal(evaluate("return 'Abc' == 'aBC';"), true);
  assert.equal(evaluate("return 'Abc'.equals('aBC');"), false);
  assert.equal(evaluate("return new Set<String>{'a', 'A', 'a'}.size();"), 2);
  assert.equal(evaluate("String s; return 'x' + s + 1 + true + 1.50;"), 'xnull1true1.50');
  assert.equal(evaluate("return 'It\\'s\\t\\u0041';"), "It's\tA");
  assert.equal(evaluate("String s = 'b'; s += 'c'; return s > 'B';"), true);
});

test('null is dereferenced with the platform’s exceptions', () => {
  const caught = (body: string): unknown =>
    evaluate(
      `try { ${body} } catch (Exception e) { return e.getTypeName() + '|' + e.getMessage(); } return 'none';`,
      'public String name; public class MyException extends Exception {}',
    );
  assert.equal(
    caught('Integer i; Integer j = i + 1;'),
    'System.NullPointerException|Attempt to de-reference a null object',
  );
  assert.equal(
    caught('Probe p; String n = p.name;'),
    'System.NullPointerException|Attempt to de-reference a null object',
  );
  assert.equal(
    caught('List<Integer> l; for (Integer i : l) {}'),
    'System.NullPointerException|Attempt to de-reference a null object',
  );
  assert.equal(
    caught('List<Integer> l = new List<Integer>(); l.get(0);'),
    'System.ListException|List index out of bounds: 0',
  );
  assert.equal(caught('Integer z = 0; Integer i = 1 / z;'), 'System.MathException|Divide by 0');
  assert.equal(
    caught("Object o = 'text'; Integer i = (Integer) o;"),
    'System.TypeException|Invalid conversion from runtime type String to Integer',
  );
  assert.equal(caught("if (true) throw new MyException('mine', new MyException('cause'));"), 'Probe.MyException|mine');
  assert.equal(caught("Integer.valueOf('x1');"), 'System.TypeException|Invalid integer: x1');
  assert.equal(caught('Boolean b; if (b) {}'), 'System.NullPointerException|Attempt to de-reference a null object');
});

test('safe navigation and ?? stop at null', () => {
  const members =
    "public class Node { public Node next; public String name = 'n'; public String call() { return name; } }";
  assert.equal(evaluate('Node n; return n?.next.next.call();', members), null);
  assert.equal(evaluate('Node n = new Node(); return n?.next?.call();', members), null);
  assert.equal(evaluate('Node n = new Node(); return n?.call();', members), 'n');
  assert.equal(evaluate("String s; return s ?? 'fallback';", members), 'fallback');
});

test('classes: inheritance, overloads, properties, initialisers in order', () => {
  const compiled = compileSources({
    Shape: `public abstract class Shape {
      public static List<String> log = new List<String>{ 'static' };
      protected String name { get; private set; }
      { log.add('instance'); }
      public Shape() { this('shape'); log.add('no arguments'); }
      public Shape(String name) { this.name = name; log.add('named'); }
      public abstract Decimal area();
      public virtual String describe() { return name + ' ' + area(); }
      public override String toString() { return 'Shape ' + name; }
    }`,
    Square: `public class Square extends Shape {
      private Decimal side = 2;
      public Square() { super('square'); log.add('square'); }
      public override Decimal area() { return side * side; }
      public override String describe() { return '<' + super.describe() + '>'; }
      public static String pick(Object o) { return 'object'; }
      public static String pick(String s) { return 'string'; }
      public static String pick(Long l) { return 'long'; }
      public static String pick(List<Object> l) { return 'list'; }
      public static String run() {
        Shape s = new Square();
        return s.describe() + ' ' + s + ' ' + String.join(log, ',') + ' ' + pick('x') + pick(1) + pick(1.5) + pick(new List<String>());
      }
    }`,
  });
  assert.equal(
    run(compiled, 'Square', 'run'),
    '<square 4> Shape square static,instance,named,square stringlongobjectlist',
  );
});

test('fields that hide private ones of a superclass stay apart; own fields are ready before the super constructor', () => {
  const compiled = compileSources({
    Base: "public virtual class Base { private String name = 'base'; public Base() { hook(); } public String baseName() { return name; } protected virtual void hook() {} }",
    Derived:
      "public class Derived extends Base { private String name = 'derived'; private List<String> seen = new List<String>(); protected override void hook() { seen.add('hook ' + name); } public static String run() { Derived d = new Derived(); return d.baseName() + ' ' + d.name + ' ' + d.seen; } }",
  });
  assert.equal(run(compiled, 'Derived', 'run'), 'base derived (hook derived)');
});

test('statics start afresh in every transaction', () => {
  const compiled = compileSources({
    Counter:
      'public class Counter { static Integer count = 0; public static Integer run() { count++; return count; } }',
  });
  assert.equal(run(compiled, 'Counter', 'run'), 1);
  assert.equal(run(compiled, 'Counter', 'run'), 1);
});

test('control flow: switch, loops, finally, enums', () => {
  assert.equal(
    evaluate(
      "String s = ''; for (Integer i = 0; i < 5; i++) { if (i == 1) continue; if (i == 4) break; s += i; } return s;",
    ),
    '023',
  );
  assert.equal(evaluate('Integer i = 0; do { i += 2; } while (i < 5); return i;'), 6);
  assert.equal(
    evaluate(
      "String s = ''; try { s += 'a'; throw new NullPointerException(); } catch (NullPointerException e) { s += 'b'; } finally { s += 'c'; } return s;",
    ),
    'abc',
  );
  assert.equal(
    evaluate("switch on 3 { when 1, 2 { return 'low'; } when 3 { return 'three'; } when else { return 'high'; } }"),
    'three',
  );
  assert.equal(
    evaluate(
      "Object o = 1; switch on o { when String s { return s; } when Integer i { return 'int ' + (i + 1); } when else { return null; } }",
    ),
    'int 2',
  );
  assert.equal(
    evaluate(
      "Season s = Season.valueOf('summer'); return s.name() + s.ordinal() + Season.values().size() + (s == Season.SUMMER);",
      'enum Season { SPRING, SUMMER }',
    ),
    'SUMMER12true',
  );
  assert.equal(
    evaluate(
      'List<Integer> l = new List<Integer>{1}; try { for (Integer i : l) l.add(2); } catch (FinalException e) { return e.getMessage(); } return null;',
    ),
    'Cannot modify a collection while it is being iterated.',
  );
});

test('collections: sorting, user equality, value equality', () => {
  const members = `public class Point implements Comparable { Integer x; Point(Integer x) { this.x = x; }
    public Boolean equals(Object o) { return o instanceof Point && ((Point) o).x == x; } public Integer hashCode() { return x; }
    public Integer compareTo(Object o) { return x - ((Point) o).x; } public override String toString() { return 'P' + x; } }
    public class Down implements Comparator<Integer> { public Integer compare(Integer a, Integer b) { return b - a; } }`;
  assert.equal(evaluate('return new Set<Point>{ new Point(1), new Point(1), new Point(2) }.size();', members), 2);
  assert.equal(
    evaluate("List<Point> l = new List<Point>{ new Point(2), new Point(1) }; l.sort(); return '' + l;", members),
    '(P1, P2)',
  );
  assert.equal(
    evaluate("List<Integer> l = new List<Integer>{ 1, 3, 2 }; l.sort(new Down()); return '' + l;", members),
    '(3, 2, 1)',
  );
  assert.equal(evaluate('return new Point(1) == new Point(1);', members), true);
  assert.equal(evaluate('return new List<Integer>{1, 2} == new List<Integer>{1, 2};'), true);
  assert.equal(
    evaluate(
      "Map<String, Integer> m = new Map<String, Integer>{ 'a' => 1 }; m.put('b', 2); return '' + m + m.keySet() + m.values();",
    ),
    '{a=1, b=2}{a, b}(1, 2)',
  );
});

test('stack traces name class, method and line', () => {
  const compiled = compileSources({
    Deep: "public class Deep {\n static void inner() {\n  Integer i = 1 / 0;\n }\n public static String run() {\n  try {\n   inner();\n  } catch (Exception e) {\n   return e.getLineNumber() + '|' + e.getStackTraceString();\n  }\n  return null;\n }\n}",
  });
  assert.equal(run(compiled, 'Deep', 'run'), '3|Class.Deep.inner: line 3, column 1\nClass.Deep.run: line 7, column 1');
});

function problems(source: string): string[] {
  try {
    compileSources({ Bad: source });
  } catch (error) {
    if (error instanceof ApexCompileError)
      return error.problems.map((problem) => `${problem.line}:${problem.column} ${problem.message}`);
    throw error;
  }
  return [];
}

test('compile errors carry line, column and the platform’s words', () => {
  assert.deepEqual(problems('public class Bad {\n  void a() {\n    Integer i = foo;\n    String s = 1;\n  }\n}'), [
    '3:17 Variable does not exist: foo',
    '4:16 Illegal assignment from Integer to String',
  ]);
  assert.deepEqual(problems('public class Bad { void a() { Integer i = 1 } }'), ["1:44 Missing ';' at '}'"]);
  assert.deepEqual(problems('public class Bad { Integer a() { } }'), [
    '1:34 Missing return statement required return type: Integer',
  ]);
  assert.deepEqual(problems('public class Bad { void a() { return; String s; } }'), ['1:39 Unreachable statement']);
  assert.deepEqual(problems('public class Bad { void a() { Foo f; } }'), ['1:31 Invalid type: Foo']);
  assert.deepEqual(problems("public class Bad { void a() { b(1, 'x'); } void b(Integer i) {} }"), [
    '1:31 Method does not exist or incorrect signature: void b(Integer, String) from the type Bad',
  ]);
  assert.deepEqual(problems("public class Bad { void a() { 'x'.unknown(); } }"), [
    '1:35 Method does not exist or incorrect signature: void unknown() from the type String',
  ]);
  assert.deepEqual(problems('public class Bad implements Comparable { }'), [
    '1:14 Class Bad must implement the method: Integer Comparable.compareTo(Object)',
  ]);
  assert.deepEqual(problems('public class Bad { void a() { Integer a; Integer A; } }'), ['1:50 Duplicate variable: A']);
  assert.deepEqual(problems('public class Bad { static void a() { b(); } void b() {} }'), [
    '1:38 Non static method cannot be referenced from a static context: void Bad.b()',
  ]);
  assert.deepEqual(problems('public class Bad { void a() { if (1) {} } }'), [
    '1:35 Condition expression must be of type Boolean: Integer',
  ]);
});

test('a limit passes every catch and finally', () => {
  const compiled = compileSources({
    Spin: "public class Spin { public static String seen = ''; static void recurse() { recurse(); } public static void run() { try { recurse(); } catch (Exception e) { seen += 'caught'; } finally { seen += 'finally'; } } }",
  });
  assert.throws(() => run(compiled, 'Spin', 'run'), {
    code: 'LIMIT_EXCEEDED',
    message: 'Maximum stack depth reached: 1001',
  });
  const statics = (compiled.program.class('Spin') as unknown as { $s(): { seen: string } }).$s();
  assert.equal(statics.seen, '');
});

test('a final property is set by its own accessors, final fields by constructors of subclasses too', () => {
  const members = `public static final Integer COUNT { get { if (COUNT == null) { COUNT = 7; } return COUNT; } private set; }
    public virtual class Base { protected final Integer size; }
    public class Derived extends Base { public Derived(Integer size) { this.size = size; } public Integer read() { return size; } }`;
  assert.equal(evaluate('return COUNT + COUNT + new Derived(3).read();', members), 17);
  assert.throws(() => evaluate('COUNT = 8; return COUNT;', members), /Final members can only be assigned/);
  assert.throws(
    () => evaluate('return null;', `${members} public class Other extends Base { void change() { this.size = 1; } }`),
    /Final members can only be assigned/,
  );
});

test('an inherited static hides a type of its name only where it has the member', () => {
  const compiled = compileSources({
    Base: 'public virtual class Base { protected static String Test = String.valueOf(1); protected static String word = String.valueOf(2); }',
    Probe: `public class Probe extends Base {
      class Inner { Boolean runs() { return Test.isRunningTest(); } String read() { return word; } }
      public static Object run() { return Test.length() + (Test.isRunningTest() ? 1 : 0) + new Inner().read() + new Inner().runs(); } }`,
  });
  assert.equal(run(compiled, 'Probe', 'run'), '12false');
});

test('objects of classes have clone(), a shallow copy', () => {
  const members = `public class Bag { public List<Integer> items = new List<Integer>(); public Integer size { get { return size; } set; } }
    public class Own { public String clone() { return 'own'; } }`;
  assert.equal(
    evaluate(
      'Bag first = new Bag(); first.size = 1; Bag second = first.clone(); second.size = 2; second.items.add(5); return first.size * 100 + second.size * 10 + first.items.size();',
      members,
    ),
    121,
  );
  assert.equal(evaluate('return new Own().clone();', members), 'own');
});

test('flags in the middle of a regular expression hold to the end of their group', () => {
  const matches = (pattern: string, text: string): unknown =>
    evaluate(`return Pattern.matches('${pattern}', '${text}');`);
  assert.equal(matches('^(?i)[\\\\w]+ (asc|desc)$', 'Name DESC'), true);
  assert.equal(matches('a(?i)b|c', 'C'), true);
  assert.equal(matches('a(?i)b|c', 'AB'), false);
  assert.equal(matches('(?:(?i)x)y', 'XY'), false);
  assert.equal(matches('(?:(?i)x)y', 'Xy'), true);
});

test('an assignment has the value that was assigned, whatever writes it', () => {
  assert.equal(evaluate('List<Integer> l = new Integer[2]; l[0] = l[1] = 4; return l[0] + l[1];'), 8);
  assert.equal(
    evaluate("Map<String, String> m = new Map<String, String>(); String a; String b = a = 'x'; return b + a;"),
    'xx',
  );
});

test('an accessor reaches the stored value of its own property only, not of one with the same name elsewhere', () => {
  const compiled = compileSources({
    Other: 'public class Other { public static Integer SIZE { get { return 3; } } }',
    Probe: `public class Probe {
      static Integer SIZE { get { if (SIZE == null) { SIZE = Other.SIZE + 1; } return SIZE; } set; }
      public static Object run() { return SIZE; } }`,
  });
  assert.equal(run(compiled, 'Probe', 'run'), 4);
});

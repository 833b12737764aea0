import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesOf, noNames } from './names.ts';
import { parse } from './parse.ts';
import { plainText } from './plain.ts';
import { written } from './written.ts';

const known = {
  people: namesOf([
    { id: 'u_min', name: 'Min' },
    { id: 'u_mina', name: '민아' },
    { id: 'u_long', name: '민아 김' },
  ]),
  rooms: namesOf([
    { id: 'r_plan', name: '회의 준비' },
    { id: 'r_a', name: 'twice' },
    { id: 'r_b', name: 'twice' },
  ]),
};

/** Each line: what is written, and what it is read as. */
function reads(cases: readonly (readonly [string, string])[]): void {
  for (const [text, tree] of cases) assert.equal(written(parse(text, known)), tree, text);
}
/** These stay as they are. */
function stay(...texts: string[]): void {
  reads(texts.map((text) => [text, text] as const));
}

test('emphasis, strike and code', () => {
  reads([
    [
      '**굵게** *기울여* _기울여_ ~~지움~~ `코드`',
      '<strong>굵게</strong> <em>기울여</em> <em>기울여</em> <strike>지움</strike> <code>코드</code>',
    ],
    ['***둘 다***', '<strong><em>둘 다</em></strong>'],
    ['**a *b** c*', '<strong>a *b</strong> c*'],
    ['***a** b*', '<em><strong>a</strong> b</em>'],
    ['*a **b***', '<em>a <strong>b</strong></em>'],
    ['**두\n줄**', '<strong>두\n줄</strong>'],
    ['`a **b**` ``x`y`` `` ` ``', '<code>a **b**</code> <code>x`y</code> <code>`</code>'],
    ['\\*그대로\\* \\`이것도\\`', '*그대로* `이것도`'],
  ]);
  stay('**열림', '*a\nb*', '`열림', '~~열림', '****', '** 사이 **', '* 별 *', '<b>x</b><script>alert(1)</script>');
});

test('emphasis with a Korean particle right behind it', () => {
  reads([
    ['**강조**는', '<strong>강조</strong>는'],
    ['*기울임*을 _기울임_을', '<em>기울임</em>을 <em>기울임</em>을'],
    ['**강조(強調)**는 **"인용"**이라고', '<strong>강조(強調)</strong>는 <strong>"인용"</strong>이라고'],
    ['***둘다***다', '<strong><em>둘다</em></strong>다'],
    ['~~취소~~된 `npm test`를', '<strike>취소</strike>된 <code>npm test</code>를'],
    ['이것은**강조**다', '이것은<strong>강조</strong>다'],
  ]);
});

test('signs that mean something else in a chat stay', () => {
  stay('3~5시', '안녕~ 반가워~', '네~~알겠어요~~', '네~~~ 좋아요~~~', '10~~20명');
  stay(
    'snake_case_name',
    '__init__',
    '2*3*4',
    '2**3**4',
    '수량*단가 합계*할인',
    '3박*2명, 2박*4명',
    '010-****-1234',
    '김**님과 박**님',
    '김*수, 이*영',
  );
  stay(
    '^_^ 안녕 ^_^',
    '>_< 아 >_<',
    '*_* 좋다 *_*',
    'ㅠ_ㅠ 흑 ㅠ_ㅠ',
    'T_T 아 T_T',
    '-_- 음 -_-',
    '*^^* 네 *^^*',
    '¯\\_(ツ)_/¯',
    '>ㅁ<',
    '> <',
    ';_; ;_;',
    'o_O O_o',
  );
  stay('1. 12.', '1. 12. 회의', '3. 1(일) 쉬어요', '2026. 1. 12.', '1.5배', '- 끝 -', '* * *', '---', '# 제목 같은 것', '1.하나', '-5도');
  stay('C:\\Users\\mina', '₩5,000', 'a@b.c', '```');
});

test('code blocks', () => {
  reads([
    ['```js\nlet a = 1;\n\nlet b;\n```', '<pre js>let a = 1;\n\nlet b;</pre>'],
    ['앞\n```\n**x**\n```\n뒤', '앞¶<pre >**x**</pre>¶뒤'],
    ['이거: ```ts\nx\n```', '이거:¶<pre ts>x</pre>'],
    ['```\nx```', '<pre >x</pre>'],
    ['```\n끝나지 않음', '<pre >끝나지 않음</pre>'],
    ['````\n```\nx\n````', '<pre >```\nx</pre>'],
    ['```두 낱말\nx\n```', '<pre >두 낱말\nx</pre>'],
    ['```한 줄```', '<code>한 줄</code>'],
    ['> ```\n> x\n> ```', '<quote><pre >x</pre></quote>'],
  ]);
});

test('quotes and lists', () => {
  reads([
    ['> 인용\n> 둘\n답', '<quote>인용\n둘</quote>¶답'],
    ['>붙여 쓴', '<quote>붙여 쓴</quote>'],
    ['> a\n>> b', '<quote>a¶<quote>b</quote></quote>'],
    ['- a\n- **b**', '<list><•>a</><•><strong>b</strong></></list>'],
    ['* a\n  - b\n  - c\n* d', '<list><•>a¶<list><•>b</><•>c</></list></><•>d</></list>'],
    ['1. 하나\n2. 둘\n   이어서', '<list><1>하나</><2>둘\n이어서</></list>'],
    ['3) 셋', '<list><3>셋</></list>'],
    ['할 일:\n\n- a\n\n끝', '할 일:¶<list><•>a</></list>¶끝'],
  ]);
});

test('line breaks stay as they were written', () => {
  stay('하나\n둘\n\n\n셋', ' 들여 쓴', '끝\n');
  reads([['a\r\nb', 'a\nb']]);
});

test('links lead where they say, or say where they lead', () => {
  reads([
    ['[여기](https://a.b/c)', '<a https://a.b/c>여기</a>'],
    ['[**굵게**](https://a.b)에서', '<a https://a.b/><strong>굵게</strong></a>에서'],
    ['**[a](https://b.c)**', '<strong><a https://b.c/>a</a></strong>'],
    ['[위키](https://a.b/c_(d))', '<a https://a.b/c_(d)>위키</a>'],
    ['[메일](mailto:a@b.c)', '<a mailto:a@b.c>메일</a>'],
    ['[bank.example](https://evil.example)', '<a https://evil.example/ (evil.example)>bank.example</a>'],
    ['[https://a.b](https://c.d)', '<a https://c.d/ (c.d)>https://a.b</a>'],
    ['[www.a.bc](https://a.bc/d)', '<a https://a.bc/d>www.a.bc</a>'],
    ['[me@bank.example](mailto:you@evil.example)', '<a mailto:you@evil.example (you@evil.example)>me@bank.example</a>'],
    ['https://bank.example@evil.example', '<a https://bank.example@evil.example/ (evil.example)>https://bank.example@evil.example</a>'],
    ['https://аррle.com', '<a https://xn--le-6kc8da.com/ (xn--le-6kc8da.com)>https://аррle.com</a>'],
    ['**https://a.b/c_d_e**', '<strong><a https://a.b/c_d_e>https://a.b/c_d_e</a></strong>'],
    ['**https://a.bc**는', '<strong><a https://a.bc/>https://a.bc</a></strong>는'],
    ['(https://a.b)는', '(<a https://a.b/>https://a.b</a>)는'],
  ]);
  stay(
    '[x](javascript:alert(1))',
    '[x](data:text/html,x)',
    '[x](//a.b)',
    '[x](vbscript:x)',
    '[](https://)',
    '[x](java\nscript:x)',
    '[x]( https:)',
  );
});

test('names of people, with particles; names of rooms that are one only', () => {
  reads([
    ['@민아가 @Min, @Minah', '<mention u_mina>@민아</mention>가 <mention u_min>@Min</mention>, @Minah'],
    ['@민아 김 @민아김', '<mention u_long>@민아 김</mention> <mention u_mina>@민아</mention>김'],
    ['**@민아**님', '<strong><mention u_mina>@민아</mention></strong>님'],
    ['#회의 준비에서', '<room r_plan>#회의 준비</room>에서'],
    ['[@민아](https://a.b) `@민아`', '<a https://a.b/>@민아</a> <code>@민아</code>'],
  ]);
  stay('mail@민아', '#twice', '#모르는 방');
});

test('where nobody said whom they mean, only particles may follow a Korean name', () => {
  const people = namesOf([{ id: 'u', name: '민' }], { strict: true });
  for (const text of ['@민', '@민이', '@민은 와요', '@민님께서', '@민한테는', '@민!'])
    assert.match(written(parse(text, { people, rooms: noNames })), /mention/u, text);
  for (const text of ['@민아름', '@민수가', '@민들레'])
    assert.doesNotMatch(written(parse(text, { people, rooms: noNames })), /mention/u, text);
});

test('as plain text: without marks, and a link that misleads still says where it leads', () => {
  for (const [text, plain] of [
    ['**굵게** ~~지움~~ `코드` @민아', '굵게 지움 코드 @민아'],
    ['```js\nlet a;\n```', 'let a;'],
    ['> 인용\n- a\n1. b', '> 인용\n• a\n1. b'],
    ['[여기](https://a.b) [a.bc](https://d.ef)', '여기 a.bc (d.ef)'],
  ] as const)
    assert.equal(plainText(text), plain);
});

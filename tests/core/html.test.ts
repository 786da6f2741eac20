import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html, scriptJson, trusted } from '../../src/core/html.ts';

describe('html', () => {
  it('escapes values and keeps pieces', () => {
    const inner = html`<b title="${'"'}">${'<&>'}</b>`;
    expect(inner.text).toBe('<b title="&#34;">&#60;&#38;&#62;</b>');
    expect(html`<p>${inner}${[1, inner]}</p>`.text).toBe(`<p>${inner.text}1${inner.text}</p>`);
    expect(trusted('<i>').text).toBe('<i>');
  });

  it('omits absent values, except zero', () => {
    expect(html`[${null}${undefined}${false}${''}${0}]`.text).toBe('[0]');
  });

  it('escapes everything in a text that could end it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.text).not.toMatch(/[<>"'`]/);
      }),
    );
  });
});

describe('JSON in a script', () => {
  it('contains nothing that could end the script, and is read back unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { text } = scriptJson(value);
        expect(text).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
    expect(JSON.parse(scriptJson('</script>\u2028').text)).toBe('</script>\u2028');
  });
});

/** Describes a value of the wrong type: 'null', 'a number', 'an array of 5', 'an object with data, width'. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name = value.constructor?.name ?? 'Object';
  if (name !== 'Object') return `an instance of ${name}`;
  const fields = Object.keys(value).slice(0, 6);
  return fields.length === 0 ? 'an empty object' : `an object with ${fields.join(', ')}`;
}

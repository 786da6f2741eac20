/** The version in package.json, which a bundle does not contain. */
export const VERSION = '0.1.0';

/**
 * A part of the face that holds the answer of a task.
 *
 * @typedef {object} Truth
 * @property {string} title
 * @property {FaceRegion[]} regions
 * @property {boolean} lowerCheeks Whether the cheeks below the base of the nose belong to it as well.
 */

/**
 * @typedef {object} Task
 * @property {string} title
 * @property {Truth[]} truths Where the answer lies, the narrowest first; empty where that is not known.
 * @property {string[]} rivals Rows of the study of networks that are trained beside the chosen genome.
 */

/** The tasks by name. */
export const TASKS = {
  fer2013: { title: 'seven expressions (FER2013)', truths: [], rivals: [] },
  smiles: {
    title: 'smiling or not (SMILEs)',
    truths: [
      { title: 'mouth', regions: ['mouth'], lowerCheeks: false },
      // A smile raises the cheeks, deepens the folds beside the mouth and stretches the chin.
      { title: 'mouth, chin, lower cheeks', regions: ['mouth', 'chin'], lowerCheeks: true },
    ],
    rivals: [],
  },
  masks: {
    title: 'mask or not',
    truths: [
      { title: 'nose, mouth', regions: ['nose', 'mouth'], lowerCheeks: false },
      { title: 'nose, mouth, chin, lower cheeks', regions: ['nose', 'mouth', 'chin'], lowerCheeks: true },
    ],
    rivals: [],
  },
  gender: {
    title: 'woman or man (by name)',
    truths: [],
    rivals: ['baseline', 'miniXception', 'simpleCnn'],
  },
};

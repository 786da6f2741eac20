/** The numbers of a layers model, in the order of `TfjsArtifacts.weightData`. */
export interface TfjsWeights {
  name: string;
  shape: number[];
  dtype: 'float32';
}

/** A layer of a functional model, in the form that Keras and TensorFlow.js write. */
export interface TfjsLayer {
  class_name: string;
  name: string;
  config: Record<string, unknown>;
  /** What each use of the layer reads. */
  inbound_nodes: TfjsOutput[][];
}

/** One output of a layer: its name, the number of its use, the number of the tensor, and settings of the call. */
export type TfjsOutput = [layer: string, use: number, tensor: number, settings: Record<string, never>];

/** A functional model without its weights. */
export interface TfjsTopology {
  class_name: 'Model';
  config: {
    name: string;
    layers: TfjsLayer[];
    input_layers: [string, number, number][];
    output_layers: [string, number, number][];
  };
}

/** A layers model in memory. `tf.io.fromMemory` takes it as it is. */
export interface TfjsArtifacts {
  format: 'layers-model';
  generatedBy: string;
  convertedBy: null;
  modelTopology: TfjsTopology;
  weightSpecs: TfjsWeights[];
  /** Little-endian 32-bit floats. */
  weightData: ArrayBuffer;
  userDefinedMetadata: Record<string, NonNullable<unknown>>;
}

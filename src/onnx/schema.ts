import type { INamespace } from 'protobufjs';
import { loadPackage } from '../core/packages.ts';

/** A graph of operators with the model's metadata; the messages of onnx.proto (ONNX 1.13) that evopatch writes. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly metadataProps: readonly { readonly key: string; readonly value: string }[];
  readonly graph: OnnxGraph;
}

export interface OnnxGraph {
  readonly name: string;
  readonly node: readonly OnnxNode[];
  readonly initializer: readonly OnnxTensor[];
  readonly input: readonly OnnxValue[];
  readonly output: readonly OnnxValue[];
}

export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly OnnxAttribute[];
}

/** A whole number, whole numbers or a text (UTF-8), by `ATTRIBUTE_TYPES`. */
export interface OnnxAttribute {
  readonly name: string;
  readonly type: number;
  readonly i?: number;
  readonly ints?: readonly number[];
  readonly s?: Uint8Array;
}

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** Little-endian numbers in reading order. */
  readonly rawData: Uint8Array;
}

/** An input or output of the graph. A side is a number, or a name where it varies. */
export interface OnnxValue {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly OnnxSide[] };
    };
  };
}

export type OnnxSide = { readonly dimValue: number } | { readonly dimParam: string };

/** Values of AttributeProto.AttributeType. */
export const ATTRIBUTE_TYPES = { i: 2, s: 3, ints: 7 } as const;

/** Values of TensorProto.DataType. */
export const DATA_TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7 } as const;

const one = (id: number, type: string) => ({ id, type });
const many = (id: number, type: string) => ({ id, type, rule: 'repeated' });

/** The fields by their numbers in onnx.proto; protobufjs checks nothing but encodes all of them. */
export const MESSAGES: INamespace = {
  nested: {
    Model: {
      fields: {
        irVersion: one(1, 'int64'),
        producerName: one(2, 'string'),
        producerVersion: one(3, 'string'),
        graph: one(7, 'Graph'),
        opsetImport: many(8, 'OperatorSet'),
        metadataProps: many(14, 'Property'),
      },
    },
    OperatorSet: { fields: { domain: one(1, 'string'), version: one(2, 'int64') } },
    Property: { fields: { key: one(1, 'string'), value: one(2, 'string') } },
    Graph: {
      fields: {
        node: many(1, 'Node'),
        name: one(2, 'string'),
        initializer: many(5, 'Tensor'),
        input: many(11, 'Value'),
        output: many(12, 'Value'),
      },
    },
    Node: {
      fields: {
        input: many(1, 'string'),
        output: many(2, 'string'),
        name: one(3, 'string'),
        opType: one(4, 'string'),
        attribute: many(5, 'Attribute'),
      },
    },
    Attribute: {
      fields: {
        name: one(1, 'string'),
        i: one(3, 'int64'),
        s: one(4, 'bytes'),
        ints: many(8, 'int64'),
        type: one(20, 'int32'),
      },
    },
    Tensor: {
      fields: {
        dims: many(1, 'int64'),
        dataType: one(2, 'int32'),
        name: one(8, 'string'),
        rawData: one(9, 'bytes'),
      },
    },
    Value: { fields: { name: one(1, 'string'), type: one(2, 'Type') } },
    Type: { fields: { tensorType: one(1, 'TensorType') } },
    TensorType: { fields: { elemType: one(1, 'int32'), shape: one(2, 'Shape') } },
    Shape: { fields: { dim: many(1, 'Side') } },
    Side: { fields: { dimValue: one(1, 'int64'), dimParam: one(2, 'string') } },
  },
};

/** Writes a model in ONNX's protobuf form. Equal models give equal bytes. @throws EvopatchError `MISSING_PACKAGE` */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const { Root } = loadPackage<typeof import('protobufjs')>('protobufjs/light.js');
  return Root.fromJSON(MESSAGES).lookupType('Model').encode(model).finish();
}

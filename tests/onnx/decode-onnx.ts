import protobuf from 'protobufjs/light.js';
import { MESSAGES, type OnnxModel } from '../../src/onnx/schema.ts';

/** Reads an ONNX file, as far as evopatch writes it. */
export function decodeOnnx(bytes: Uint8Array): OnnxModel {
  const type = protobuf.Root.fromJSON(MESSAGES).lookupType('Model');
  return type.toObject(type.decode(bytes), { longs: Number, arrays: true }) as OnnxModel;
}

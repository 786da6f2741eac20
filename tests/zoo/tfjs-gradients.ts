// Gradients that tfjs has no kernels for on WebAssembly, or a faulty one, from tfjs' other operations.
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

type Inputs = Readonly<Record<string, tf.Tensor4D>>;
type Shape = readonly [number, number, number, number];

type Padding = 'same' | 'valid';

/** Zeros before and after an axis, as TensorFlow pads. */
function padding(side: number, window: number, stride: number, pad: Padding): [number, number] {
  if (pad === 'valid') return [0, 0];
  const zeros = Math.max((Math.ceil(side / stride) - 1) * stride + window - side, 0);
  return [Math.floor(zeros / 2), Math.ceil(zeros / 2)];
}

function padded(x: tf.Tensor4D, [height, width]: readonly number[], stride: number, pad: Padding) {
  return tf.pad4d(x, [
    [0, 0],
    padding(x.shape[1], height, stride, pad),
    padding(x.shape[2], width, stride, pad),
    [0, 0],
  ]);
}

/** Correlates inputs with gradients: samples take the place of channels, the stride becomes a dilation. */
function filterGradient({ x, dy }: Inputs, attrs: tf.NamedAttrMap): tf.Tensor4D {
  const [height, width, channels, filters] = attrs.filterShape as Shape;
  const [stride] = [attrs.strides].flat() as number[];
  const input = padded(x, [height, width], stride, attrs.pad as Padding);
  const pictures = input.transpose<tf.Tensor4D>([3, 1, 2, 0]);
  const kernel = dy.transpose<tf.Tensor4D>([1, 2, 0, 3]);
  const all = tf.conv2d(pictures, kernel, 1, 'valid', 'NHWC', stride);
  const taps = all.slice([0, 0, 0, 0], [channels, height, width, filters]);
  return taps.transpose<tf.Tensor4D>([1, 2, 0, 3]);
}

/** One tap after the other; stride 1. */
function depthwiseFilterGradient({ x, dy }: Inputs, attrs: tf.NamedAttrMap): tf.Tensor4D {
  const [height, width, channels] = attrs.filterShape as Shape;
  const input = padded(x, [height, width], 1, attrs.pad as Padding);
  const taps = Array.from({ length: height * width }, (_, tap) => {
    const under = input.slice([0, Math.floor(tap / width), tap % width, 0], dy.shape);
    return under.mul(dy).sum([0, 1, 2]);
  });
  return tf.stack(taps).reshape([height, width, channels, 1]);
}

/** The same convolution with the kernel turned; stride 1, odd sides, 'same'. */
function depthwiseInputGradient({ dy, filter }: Inputs): tf.Tensor4D {
  return tf.depthwiseConv2d(dy, filter.reverse([0, 1]), 1, 'same');
}

/** The part of the CPU backend that this file uses. */
interface CpuBackend extends tf.KernelBackend {
  readonly data: { get(id: object): { values: Float32Array } };
  makeTensorInfo(shape: readonly number[], type: 'float32', values: Float32Array): tf.TensorInfo;
}

/** The CPU backend's kernel: that of WebAssembly loses gradients where the maximum of a window is negative. */
function maxPoolGradient(inputs: Inputs, attrs: tf.NamedAttrMap): tf.Tensor4D {
  const backend = tf.findBackend('cpu') as CpuBackend;
  const moved = Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [
      name,
      backend.makeTensorInfo(tensor.shape, 'float32', tensor.dataSync<'float32'>()),
    ]),
  );
  const kernel = tf.getKernel('MaxPoolGrad', 'cpu');
  const result = kernel.kernelFunc({ inputs: moved, attrs, backend }) as tf.TensorInfo;
  return tf.tensor(backend.data.get(result.dataId).values, result.shape as [number, number, number, number]);
}

/** Makes WebAssembly tfjs' backend, with all the gradients that the zoo needs. */
export async function useWasm(): Promise<void> {
  tf.env().set('PROD', true); // keeps its advice off the console
  await tf.setBackend('wasm');
  const register = (
    kernelName: string,
    gradient: (inputs: Inputs, attrs: tf.NamedAttrMap) => tf.Tensor4D,
  ) => {
    if (kernelName === 'MaxPoolGrad') tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel({
      kernelName,
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs }) => tf.tidy(() => gradient(inputs as Inputs, attrs as tf.NamedAttrMap)),
    });
  };
  register('Conv2DBackpropFilter', filterGradient);
  register('DepthwiseConv2dNativeBackpropFilter', depthwiseFilterGradient);
  register('DepthwiseConv2dNativeBackpropInput', depthwiseInputGradient);
  register('MaxPoolGrad', maxPoolGradient);
}

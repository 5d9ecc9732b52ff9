import Testing
import Tensors

/// Convolutions against loops over the definition.
@Suite struct ConvolutionTests {
    static func plain(_ x: Tensor<Double>, _ w: Tensor<Double>, stride: Int, top: Int, left: Int, height: Int, width: Int,
                      dilation: Int, groups: Int) -> Tensor<Double> {
        let (inputs, outputs) = (w.shape[2], w.shape[3] / groups)
        return Tensor(shape: [x.shape[0], height, width, w.shape[3]], generating: { index in
            let o = index % w.shape[3], ox = index / w.shape[3] % width, oy = index / w.shape[3] / width % height
            let n = index / w.shape[3] / width / height
            var sum = 0.0
            for ky in 0..<w.shape[0] {
                for kx in 0..<w.shape[1] {
                    let (iy, ix) = (oy * stride + ky * dilation - top, ox * stride + kx * dilation - left)
                    guard iy >= 0, iy < x.shape[1], ix >= 0, ix < x.shape[2] else { continue }
                    for c in 0..<inputs { sum += x[n, iy, ix, o / outputs * inputs + c] * w[ky, kx, c, o] }
                }
            }
            return sum
        })
    }

    @Test("every kernel size, stride, dilation, group and border agrees with the definition")
    func definition() throws {
        var source = RandomSource(seed: 1)
        for (size, channels, outputs, kernel) in [(9, 3, 4, 3), (8, 4, 20, 1), (12, 6, 6, 5), (13, 16, 33, 3)] {
            for stride in 1...3 {
                for dilation in 1...2 where dilation * (kernel - 1) < size {
                    for groups in [1, 2, channels] where channels % groups == 0 && outputs % groups == 0 {
                        let x = Tensor<Double>.normal([2, size, size + 1, channels], from: &source)
                        let w = Tensor<Double>.normal([kernel, kernel, channels / groups, outputs], from: &source)
                        for padding in [Padding.valid, .symmetric(1), .same] {
                            let y = try x.conv2d(w, .init(stride: stride, padding: padding, dilation: dilation, groups: groups))
                            var (top, left) = (0, 0)
                            if padding == .symmetric(1) { (top, left) = (1, 1) }
                            if padding == .same {
                                func before(_ n: Int) -> Int { max((( n + stride - 1) / stride - 1) * stride + dilation * (kernel - 1) + 1 - n, 0) / 2 }
                                (top, left) = (before(size), before(size + 1))
                                #expect(y.shape[1] == (size + stride - 1) / stride)
                            }
                            let expected = Self.plain(x, w, stride: stride, top: top, left: left, height: y.shape[1], width: y.shape[2],
                                                      dilation: dilation, groups: groups)
                            let worst = zip(y.scalars, expected.scalars).reduce(0) { max($0, abs($1.0 - $1.1)) }
                            #expect(worst < 1e-10, "size \(size), kernel \(kernel), stride \(stride), dilation \(dilation), groups \(groups), \(padding)")
                        }
                    }
                }
            }
        }
    }

    @Test("geometry that cannot be is an error, not a trap")
    func badGeometry() {
        let (x, w) = (Tensor<Float>(shape: [1, 4, 4, 2]), Tensor<Float>(shape: [3, 3, 2, 2]))
        #expect(throws: TensorError.self) { try x.conv2d(Tensor(shape: [3, 3, 3, 2])) }
        #expect(throws: TensorError.self) { try x.conv2d(w, .init(stride: 0)) }
        #expect(throws: TensorError.self) { try x.conv2d(w, .init(stride: .max)) }
        #expect(throws: TensorError.self) { try x.conv2d(w, .init(padding: .symmetric(-1))) }
        #expect(throws: TensorError.self) { try x.conv2d(w, .init(padding: .symmetric(.max))) }
        #expect(throws: TensorError.self) { try x.conv2d(w, .init(dilation: 2)) }
        #expect(throws: TensorError.self) { try x.conv2d(w, .init(groups: 3)) }
        #expect(throws: TensorError.self) { try x.conv2d(w, bias: Tensor(shape: [3])) }
        #expect(throws: TensorError.self) { try Tensor<Float>(shape: [4, 4]).conv2d(w) }
        #expect(throws: TensorError.self) { try x.maxPool2d(size: 5) }
        #expect(throws: TensorError.self) { try x.maxPool2d(size: 0) }
        #expect(throws: TensorError.self) { try x.transposedConv2d(w, stride: 1, outputPadding: 1) }
        #expect(throws: TensorError.self) { try Tensor<Float>(shape: [1, 4, 2]).conv1d(w) }
    }
}

@Suite struct NormalisationTests {
    @Test("spectral normalisation follows the worked example of the PSA-GAN sheet")
    func spectral() throws {
        // The sheet's W is outputs x inputs; ours has the outputs last.
        let store = ParameterStore<Double>()
        let u = store.addState("u", Tensor(shape: [2], [1, 0]))
        let tape = Tape<Double>()
        tape.begin()
        let w = tape.watch(Tensor(shape: [2, 2], [1, 3, 2, 4]))
        let y = try w.spectrallyNormalised(vector: u, updating: true)
        func close(_ a: [Double], _ b: [Double]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 } }
        #expect(close(u.value.scalars, [0.413803, 0.910366]))
        #expect(close(y.scalars, [0.185058, 0.555175, 0.370117, 0.740233]))
        try tape.backward(from: y, seed: Tensor(shape: [2, 2], [1, 0, 0, 0]))
        #expect(close(tape.gradient(of: w).scalars, [0.178721, -0.013943, -0.012675, -0.027885]))
    }

    @Test("a recurrent unit follows the worked example of the RIM sheet")
    func gru() throws {
        // Gate order r, z, n; the sheet gives the weights as 6 x 2, row-major.
        let w = Tensor<Double>(shape: [6, 2], generating: { Double($0) * 0.1 - 0.5 })
        let u = Tensor<Double>(shape: [6, 2], generating: { 0.5 - Double($0) * 0.1 })
        let h = try Tensor<Double>(shape: [1, 2, 2], [1, -1, 0.5, 2]).gru(.init(
            input: w.transposed(), recurrent: u.transposed(), inputBias: Tensor(shape: [6], generating: { Double($0) * 0.1 }),
            recurrentBias: Tensor(shape: [6], generating: { Double($0) * -0.05 })))
        #expect(zip(h.scalars, [0.101086, 0.132195, 0.466242, 0.427750]).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test("bilinear resizing keeps half-pixel centres and repeats the edge")
    func resizing() throws {
        let row = try Tensor<Double>(shape: [1, 1, 2, 1], [0, 1]).resized(height: 1, width: 4)
        #expect(row.scalars == [0, 0.25, 0.75, 1])
    }

    @Test("batch statistics are unbiased where they are kept, and serve inference")
    func batchNormalisation() throws {
        let store = ParameterStore<Double>()
        let (mean, variance) = (store.addState("m", Tensor(shape: [1], [0])), store.addState("v", Tensor(shape: [1], [1])))
        let (one, zero) = (Tensor<Double>(shape: [1], [1]), Tensor<Double>(shape: [1], [0]))
        let x = Tensor<Double>(shape: [4, 1], [1, 2, 3, 6])
        _ = try x.batchNormalised(gamma: one, beta: zero, runningMean: mean, runningVariance: variance, isTraining: true, momentum: 0.5)
        #expect(abs(mean.value.scalar - 1.5) < 1e-12)
        #expect(abs(variance.value.scalar - (0.5 + 0.5 * 14 / 3)) < 1e-12)
        let y = try x.batchNormalised(gamma: one, beta: zero, runningMean: mean, runningVariance: variance, isTraining: false, epsilon: 0)
        #expect(abs(y.scalars[3] - 4.5 / (0.5 + 7.0 / 3).squareRoot()) < 1e-12)
    }
}

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

/// What a tensor may hold: `Float` for training, `Double` for closed forms and for finite-difference tests.
public protocol TensorScalar: BinaryFloatingPoint, Sendable, Codable where RawSignificand: FixedWidthInteger {
    /// The element type as the kernels number it: 0 for Float32, 1 for Float64.
    static var kernelType: Int32 { get }
}

extension Float: TensorScalar {
    public static var kernelType: Int32 { 0 }
}

extension Double: TensorScalar {
    public static var kernelType: Int32 { 1 }
}

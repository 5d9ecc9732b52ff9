import COpenBLAS

/// The matrix library under the tensors: which kernel it chose, how many threads it may use, and whether
/// its results are right on this processor.
public enum BLAS {
    /// The name of the kernel that OpenBLAS chose for this processor, for example "Haswell".
    public static var kernelName: String {
        guard let name = openblas_get_corename() else { return "unknown" }
        return String(cString: name)
    }

    /// OpenBLAS's version and build options in one line.
    public static var buildConfiguration: String {
        guard let text = openblas_get_config() else { return "unknown" }
        return String(cString: text)
    }

    /// How many threads one operation may use, 1 or more: one setting for the whole process, the same as `Parallel.threads`.
    /// Tensors share their work out themselves; OpenBLAS's own threads serve `Matrix` alone.
    public static var threads: Int {
        get { Parallel.threads }
        set {
            Parallel.threads = newValue
            openblas_set_num_threads(Int32(clamping: max(1, newValue)))
        }
    }

    /// How many processors OpenBLAS sees.
    public static var processors: Int { Int(openblas_get_num_procs()) }

    /// One routine whose result on this machine differs from plain loops.
    public struct Failure: Sendable, Equatable, CustomStringConvertible {
        public let routine: String
        public let size: Int
        /// The largest difference, relative to the size of the result.
        public let relativeError: Double
        public let kernelName: String

        public var description: String {
            "\(routine) of order \(size) is off by \(relativeError) with the kernel \(kernelName); "
                + "start Lathe with OPENBLAS_CORETYPE=Haswell in its environment."
        }
    }

    /// Compares products (single and double) and a Cholesky factor with plain loops; empty when all is right.
    ///
    /// Some versions of OpenBLAS choose a kernel for the newest processors whose results are wrong
    /// (0.3.21 does). Takes a few milliseconds.
    public static func selfCheck() -> [Failure] {
        var failures: [Failure] = []
        for size in [7, 33, 96, 130] {
            let entries = (0..<size * size).map { (index: Int) -> Double in Double((index * 37 + index / 7) % 101) / 50 - 1 }
            let a = Matrix(rows: size, columns: size, values: entries)
            let b = a.transposed().map { $0 * 0.5 + 0.25 }
            let expected = plainProduct(a, b)
            let scale = expected.values.reduce(0) { max($0, abs($1)) }

            func check(_ routine: String, _ result: [Double], _ expected: [Double], _ scale: Double, _ tolerance: Double) {
                let worst = zip(result, expected).reduce(0.0) { worst, pair in
                    let difference = abs(pair.0 - pair.1)
                    return difference.isFinite ? max(worst, difference) : .infinity
                }
                if !(worst <= tolerance * scale) {
                    failures.append(Failure(routine: routine, size: size, relativeError: worst / scale,
                                            kernelName: kernelName))
                }
            }

            check("dgemm", a.multiplied(by: b).values, expected.values, scale, 1e-12)

            let (singleA, singleB) = (a.values.map { Float($0) }, b.values.map { Float($0) })
            var single = [Float](repeating: 0, count: size * size)
            let order = blasSize(size)
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, order, order, order, 1, singleA, order, singleB,
                        order, 0, &single, order)
            check("sgemm", single.map { Double($0) }, expected.values, scale, 1e-4)

            var gram = plainProduct(a.transposed(), a)
            gram.addToDiagonal(Double(size))
            check("dsyrk", (a.gram() + Matrix.identity(size).map { $0 * Double(size) }).values, gram.values,
                  Double(size), 1e-12)
            if let lower = try? Cholesky(gram).lower {
                check("dpotrf", plainProduct(lower, lower.transposed()).values, gram.values, Double(size), 1e-12)
            } else {
                failures.append(Failure(routine: "dpotrf", size: size, relativeError: .infinity, kernelName: kernelName))
            }
        }
        return failures
    }

    private static func plainProduct(_ a: Matrix, _ b: Matrix) -> Matrix {
        var result = Matrix(rows: a.rows, columns: b.columns)
        for i in 0..<a.rows {
            for k in 0..<a.columns {
                let factor = a.values[i * a.columns + k]
                for j in 0..<b.columns { result.values[i * b.columns + j] += factor * b.values[k * b.columns + j] }
            }
        }
        return result
    }
}

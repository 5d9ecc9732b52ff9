import Foundation
import Testing
import Tensors

@Suite struct MatrixTests {
    /// Reproducible entries in [-1, 1).
    static func random(_ rows: Int, _ columns: Int, seed: UInt64 = 1) -> Matrix {
        var source = RandomSource(seed: seed)
        return Matrix(rows: rows, columns: columns, values: (0..<rows * columns).map { _ in source.uniform() * 2 - 1 })
    }

    static func plainProduct(_ a: Matrix, _ b: Matrix) -> Matrix {
        var result = Matrix(rows: a.rows, columns: b.columns)
        for i in 0..<a.rows { for j in 0..<b.columns { for k in 0..<a.columns { result[i, j] += a[i, k] * b[k, j] } } }
        return result
    }

    static func difference(_ a: Matrix, _ b: Matrix) -> Double {
        guard a.rows == b.rows, a.columns == b.columns else { return .infinity }
        return zip(a.values, b.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    @Test("products agree with plain loops for every pair of transposes and many sizes")
    func products() {
        for (m, k, n) in [(1, 1, 1), (2, 3, 4), (5, 1, 7), (17, 33, 9), (64, 70, 65), (0, 3, 2), (3, 0, 2)] {
            let (a, b) = (Self.random(m, k), Self.random(k, n, seed: 2))
            let expected = Self.plainProduct(a, b)
            #expect(Self.difference(a.multiplied(by: b), expected) < 1e-12)
            #expect(Self.difference(a.transposed().multiplied(by: b, transposeSelf: true), expected) < 1e-12)
            #expect(Self.difference(a.multiplied(by: b.transposed(), transposeOther: true), expected) < 1e-12)
            #expect(Self.difference(a.transposed().multiplied(by: b.transposed(), transposeSelf: true,
                                                              transposeOther: true), expected) < 1e-12)
        }
    }

    @Test("weighted Gram matrices take weights of either sign and are exactly symmetric")
    func gram() {
        for (n, d) in [(1, 1), (5, 3), (40, 7), (1100, 40)] {
            let z = Self.random(n, d)
            let weights = (0..<n).map { [0.0, 2, -1.5, 0.3, -0.1][$0 % 5] }
            let gram = z.gram(weights: weights)
            #expect(Self.difference(gram, Self.plainProduct(z.transposed(), z.scalingRows(by: weights))) < 1e-10)
            #expect(gram == gram.transposed())
            #expect(Self.difference(z.gram(), Self.plainProduct(z.transposed(), z)) < 1e-10)
        }
        let z = Self.random(9, 4)
        #expect(Self.difference(z.outerGram(), Self.plainProduct(z, z.transposed())) < 1e-12)
    }

    @Test("a Cholesky factor solves, inverts and gives the determinant")
    func cholesky() throws {
        for n in [1, 2, 5, 40, 130] {
            var a = Self.random(n + 3, n).gram()
            a.addToDiagonal(0.1)
            let factor = try Cholesky(a)
            let b = Self.random(n, 3, seed: 5)
            #expect(Self.difference(a.multiplied(by: factor.solve(b)), b) < 1e-9)
            #expect(Self.difference(a.multiplied(by: factor.inverse()), .identity(n)) < 1e-9)
            #expect(factor.inverse() == factor.inverse().transposed())
            #expect(Self.difference(factor.lower.multiplied(by: factor.lower, transposeOther: true), a) < 1e-10)
        }
        let two = try Cholesky(Matrix([[4, 2], [2, 3]]))
        #expect(abs(two.logDeterminant - log(8)) < 1e-14)
        #expect(two.solve([2, 3]).map { ($0 * 1e12).rounded() / 1e12 } == [0, 1])
    }

    @Test("a matrix that is not positive definite, or not finite, is an error with its place")
    func notPositiveDefinite() {
        #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 2)) { try Cholesky(Matrix([[1, 2], [2, 1]])) }
        #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 1)) { try Cholesky(Matrix([[0, 0], [0, 1]])) }
        #expect(throws: LinearAlgebraError.notFinite(row: 1, column: 0)) { try Cholesky(Matrix([[1, 0], [.nan, 1]])) }
        #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 1)) {
            try Matrix([[1, .infinity], [0, 1]]).singularValues()
        }
    }

    @Test("LU solves a system that needs pivoting and names a zero pivot")
    func solve() throws {
        let a = Matrix([[0, 2, 1], [1, 0, 3], [2, 1, 0]])
        let b = Matrix([[1, 0], [0, 1], [4, 4]])
        #expect(Self.difference(a.multiplied(by: try a.solve(b)), b) < 1e-14)
        #expect(throws: LinearAlgebraError.singular(row: 1)) { try Matrix([[1, 2], [2, 4]]).solve(Matrix([[1], [1]])) }
    }

    @Test("eigenvalues rise, vectors are orthonormal and rebuild the matrix")
    func eigen() throws {
        let known = try Matrix([[2, 1], [1, 2]]).symmetricEigen()
        #expect(zip(known.values, [1, 3]).allSatisfy { abs($0 - $1) < 1e-14 })
        let a = Self.random(60, 50).gram()
        let eigen = try a.symmetricEigen()
        #expect(eigen.values == eigen.values.sorted())
        let rebuilt = eigen.vectors.multiplied(by: Matrix.diagonal(eigen.values))
            .multiplied(by: eigen.vectors, transposeOther: true)
        #expect(Self.difference(rebuilt, a) < 1e-10)
        #expect(Self.difference(eigen.vectors.gram(), .identity(50)) < 1e-12)
    }

    @Test("singular values and QR rebuild tall, wide and square matrices")
    func decompositions() throws {
        for (m, n) in [(1, 1), (3, 7), (7, 3), (30, 30), (64, 20)] {
            let a = Self.random(m, n)
            let svd = try a.singularValueDecomposition()
            let rebuilt = svd.leftVectors.multiplied(by: .diagonal(svd.values)).multiplied(by: svd.rightVectorsTransposed)
            #expect(Self.difference(rebuilt, a) < 1e-12)
            #expect(svd.values == svd.values.sorted(by: >) && svd.values.allSatisfy { $0 >= 0 })
            let qr = try a.qr()
            #expect(Self.difference(qr.orthogonal.multiplied(by: qr.triangular), a) < 1e-12)
            #expect(Self.difference(qr.orthogonal.gram(), .identity(min(m, n))) < 1e-12)
            for i in 0..<min(m, n) { for j in 0..<min(i, n) { #expect(qr.triangular[i, j] == 0) } }
        }
    }

    @Test("least squares solves the normal equations, and gives the shortest solution when rank is lost")
    func leastSquares() throws {
        let (a, b) = (Self.random(20, 4), Self.random(20, 2, seed: 3))
        let x = try a.leastSquares(b)
        #expect(Self.difference(x, try Cholesky(a.gram()).solve(a.multiplied(by: b, transposeSelf: true))) < 1e-12)
        let shortest = try Matrix([[1, 1], [1, 1]]).leastSquares(Matrix([[2], [2]]))
        #expect(Self.difference(shortest, Matrix([[1], [1]])) < 1e-14)
    }

    @Test("rows, sums and argmax")
    func rowsAndSums() {
        let a = Matrix([[1, 2, 3], [4, 6, 5]])
        #expect(a.rowSums() == [6, 15])
        #expect(a.columnSums() == [5, 8, 8])
        #expect(a.columnMeans() == [2.5, 4, 4])
        #expect(a.rowArgmax() == [2, 1])
        #expect(a.rows(at: [1, 0, 1]) == Matrix([[4, 6, 5], [1, 2, 3], [4, 6, 5]]))
        #expect(a.rows(1..<2) == Matrix([[4, 6, 5]]))
        #expect(a.transposed() == Matrix([[1, 4], [2, 6], [3, 5]]))
        #expect(a.rowwiseInnerProducts(with: a) == [14, 77])
        #expect(a.appendingColumn([7, 8]) == Matrix([[1, 2, 3, 7], [4, 6, 5, 8]]))
        #expect(a.multiplied(by: [1, 0, 1]) == [4, 9])
        #expect(a.multiplied(by: [1, 2], transposeSelf: true) == [9, 14, 13])
    }

    @Test("decoding refuses sizes that do not fit the values")
    func coding() throws {
        let a = Matrix([[1, 2], [3, 4]])
        #expect(try JSONDecoder().decode(Matrix.self, from: JSONEncoder().encode(a)) == a)
        for bad in [#"{"rows":2,"columns":2,"values":[1]}"#, #"{"rows":-1,"columns":-1,"values":[1]}"#,
                    #"{"rows":4611686018427387904,"columns":4,"values":[]}"#] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(Matrix.self, from: Data(bad.utf8)) }
        }
    }

    @Test("BLAS agrees with plain loops on this machine")
    func selfCheck() {
        #expect(BLAS.selfCheck() == [])
        #expect(!BLAS.kernelName.isEmpty && BLAS.processors >= 1)
    }
}

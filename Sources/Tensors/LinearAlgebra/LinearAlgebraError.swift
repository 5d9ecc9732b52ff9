/// What a factorisation can find wrong with the numbers it was given.
public enum LinearAlgebraError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The leading minor of this order is not positive: the matrix has no Cholesky factor.
    case notPositiveDefinite(order: Int)
    /// The pivot of this row is exactly zero: the system has no unique solution.
    case singular(row: Int)
    /// An entry is NaN or infinite; row and column count from 0.
    case notFinite(row: Int, column: Int)
    /// The iteration of this routine did not converge.
    case noConvergence(routine: String)
    /// The product of the sizes, or a side, is larger than LAPACK's 32-bit integers can count.
    case tooLarge(rows: Int, columns: Int)

    public var description: String {
        switch self {
        case .notPositiveDefinite(let order):
            "The matrix is not positive definite (leading minor of order \(order)); raise the ridge term."
        case .singular(let row):
            "The matrix is singular (zero pivot in row \(row)); use least squares or add a ridge term."
        case .notFinite(let row, let column):
            "The matrix holds a value that is not finite at row \(row), column \(column)."
        case .noConvergence(let routine):
            "\(routine) did not converge; check the matrix for extreme values."
        case .tooLarge(let rows, let columns):
            "A matrix of \(rows) x \(columns) is too large for LAPACK's 32-bit sizes."
        }
    }
}

import Datasets
import Foundation

/// A method whose runs leave a generator that makes new data.
///
/// `lathe sample RUN` asks for it: the run's artifact is read back and the method writes rows of a table.
public protocol Sampling: Method {
    /// The artifact that holds the generator.
    var generatorArtifact: String { get }
    /// What can be asked for besides the count and the seed: which series, from when, how long.
    var samplingParameters: [ParameterSpec] { get }
    /// Makes new data.
    /// - Parameter write: takes one row of the table, the heading first; every row has as many cells as the heading.
    /// - Throws: one sentence for a generator that is not what the run's settings say, or for what it was not trained for.
    func sample(_ request: SampleRequest, write: ([String]) throws -> Void) throws
}

/// What is asked of a trained generator.
public struct SampleRequest: Sendable {
    /// The run that trained it.
    public var run: RunRequest
    /// All parameters of that run, defaults included.
    public var runValues: [String: ParameterValue]
    /// The bytes of `generatorArtifact`.
    public var generator: Data
    /// Opens the data set that the run was trained on.
    public var library: DatasetLibrary
    /// Values of `samplingParameters`.
    public var values: ParameterValues
    /// Draws for each thing that is asked for, at least 1.
    public var count: Int
    public var seed: UInt64

    public init(run: RunRequest, runValues: [String: ParameterValue], generator: Data, library: DatasetLibrary, values: ParameterValues, count: Int, seed: UInt64) {
        self.run = run
        self.runValues = runValues
        self.generator = generator
        self.library = library
        self.values = values
        self.count = count
        self.seed = seed
    }
}

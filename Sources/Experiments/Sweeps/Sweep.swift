/// What a sweep file asks for: methods on data sets over seeds, with settings that are fixed, combined, listed or drawn.
///
/// `docs/sweeps.md` has the format. `SweepPlan` makes runs of it.
public struct Sweep: Sendable, Equatable {
    /// Settings for all methods, or for one of them.
    struct Settings: Sendable, Equatable {
        /// One value for all cells.
        var fixed: [Setting] = []
        /// Every combination of these.
        var grid: [Axis] = []
        /// One after the other, each with several settings.
        var list: [[Setting]] = []
        /// Drawn independently, so many times.
        var random: [Draw] = []
        var draws = 0
        var drawSeed: UInt64 = 0
        var isEmpty: Bool { fixed.isEmpty && grid.isEmpty && list.isEmpty && random.isEmpty }
    }

    struct Setting: Sendable, Equatable {
        var name: String
        var value: ParameterValue
        /// Of the file, 1 for the first.
        var line: Int?
    }

    struct Axis: Sendable, Equatable {
        var name: String
        var values: [ParameterValue]
        var line: Int?
    }

    struct Draw: Sendable, Equatable {
        enum Source: Sendable, Equatable {
            case uniform(Double, Double)
            /// Uniform in the logarithm.
            case logarithmic(Double, Double)
            case choice([ParameterValue])
        }
        var name: String
        var source: Source
        var line: Int?
    }

    public var file: String
    public var title: String
    public var plan: Plan
    public var methods: [String]
    /// Empty takes the data sets of each method's plan.
    public var datasets: [String]
    /// Empty takes the plan's seeds.
    public var seeds: [UInt64]
    public var threads: Int?
    /// At most so many runs, the first of their order.
    public var runBudget: Int?
    /// Runs are made while their estimates, on two cores of a laptop, sum to no more.
    public var hourBudget: Double?
    public var constraints: [SweepConstraint]
    var constraintLines: [Int?]
    var common: Settings
    var own: [String: Settings]
}

import Charts
import Experiments

/// One metric series of a run, ready to be drawn.
public struct RunCurve: Sendable {
    /// The series' path, arm last: "test error/reweighted".
    public let path: String
    public private(set) var unit: String
    public private(set) var data: SeriesData

    init(path: String, unit: String) {
        self.path = path
        self.unit = unit
        data = SeriesData()
    }

    mutating func append(steps: [Double], values: [Double], unit newUnit: String) {
        if unit.isEmpty { unit = newUnit }
        data.append(steps: steps, values: values)
    }

    /// The last part of the path: the arm, or the whole where there is none.
    public var arm: String { SeriesPath.arm(path) }
}

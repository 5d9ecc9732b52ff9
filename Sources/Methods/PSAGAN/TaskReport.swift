import Experiments
import Foundation

extension Trainer {
    /// What the downstream tasks came to.
    mutating func reportTasks() throws {
        guard !state.forecasts.isEmpty else { return }
        let (task, setting, unit): (String, String, String) = switch settings.task {
        case .fidelity: ("far forecasting", "gap", "h")
        case .stretches: ("missing stretches", "stretch", "h")
        case .coldStart: ("cold start", "cold", "%")
        case .lowData: ("low data", "share", "%")
        }
        let first = state.forecasts[0].filling
        func cell(_ value: Double?) -> Cell { value.map { .number($0) } ?? .empty }
        let columns: [RunEvent.Table.Column] = [
            .init(setting, unit: unit, digits: 0), .init("filling"), .init("ND", digits: 3, better: .lower), .init("± ND", digits: 3), .init("NRMSE", digits: 3, better: .lower), .init("± NRMSE", digits: 3),
            .init("less \(first)", digits: 3), .init("± less", digits: 3), .init("wQL", digits: 3), .init("filled RMSE", digits: 3), .init("ND, original scale", digits: 3), .init("NRMSE, original scale", digits: 3),
        ]
        let rows: [[Cell]] = state.forecasts.map { row in
            [.number(row.setting), .text(row.filling), .number(row.deviation), cell(row.deviationError), .number(row.error), cell(row.errorError), cell(row.difference), cell(row.differenceError),
             cell(row.quantileLoss), cell(row.fillingError), .number(row.originalDeviation), .number(row.originalError)]
        }
        context.emit(.table(.init(name: "forecasts", columns: columns, rows: rows)))
        let settings = Set(state.forecasts.map(\.setting)).sorted()
        // Bars of the first setting, where there is room for one.
        let shown = state.forecasts.filter { $0.setting == settings[0] }
        context.emit(.table(.init(name: "forecast bars", columns: [.init("filling"), .init("ND", digits: 3), .init("NRMSE", digits: 3)], rows: shown.map { [.text($0.filling), .number($0.deviation), .number($0.error)] })))
        for row in state.forecasts {
            context.metric("NRMSE by \(setting)/\(row.filling)", step: row.setting, value: row.error)
            if let error = row.fillingError { context.metric("filled RMSE by \(setting)/\(row.filling)", step: row.setting, value: error) }
        }
        for row in state.forecasts {
            func add(_ name: String, _ value: Double?, baseline: String? = nil) {
                if let value { state.results.append(.init(name: "\(name), \(task) \(Int(row.setting)) \(unit)", arm: row.filling, value: value, better: .lower, baseline: baseline)) }
            }
            let baseline = row.filling == first ? nil : first
            add("NRMSE", row.error, baseline: baseline)
            add("ND", row.deviation, baseline: baseline)
            add("wQL", row.quantileLoss, baseline: baseline)
            add("RMSE of the filling", row.fillingError)
            add("NRMSE on the original scale", row.originalError, baseline: baseline)
            add("ND on the original scale", row.originalDeviation, baseline: baseline)
        }
        for setting in settings { say(state.forecasts.filter { $0.setting == setting }, "\(Int(setting)) \(unit)") }
    }

    /// One sentence for each setting, with what did not help.
    private func say(_ rows: [ForecastRow], _ setting: String) {
        func row(_ name: String) -> ForecastRow? { rows.first { $0.filling == name } }
        let trained = rows.filter { row in settings.arms.contains { $0.name == row.filling } }
        switch settings.task {
        case .fidelity:
            if let oracle = row(Self.oracle), let headroom = oracle.difference.map({ -$0 }) {
                let error = oracle.differenceError ?? 0
                if headroom <= error {
                    context.note("gap of \(setting): no headroom, since the true gap lowers NRMSE by \(short(headroom)) ± \(short(error)) over forecasts; fillings are not ranked")
                } else { context.note("gap of \(setting): the true gap lowers NRMSE by \(short(headroom)) ± \(short(error)) against rolling through") }
            }
            if let naive = row(Self.naiveGap) {
                for own in trained where own.error > naive.error { context.note("gap of \(setting): \(own.filling) fills worse than the seasonal naive, NRMSE \(short(own.error)) against \(short(naive.error))") }
            }
        case .stretches, .coldStart, .lowData:
            guard let base = rows.first else { return }
            for own in trained {
                let change = own.difference ?? 0, error = own.differenceError ?? 0
                let verdict = change < -error ? "helps" : change > error ? "hurts" : "changes nothing beyond its error"
                context.note("\(setting): \(own.filling) \(verdict), NRMSE \(short(own.error)) against \(short(base.error)) of \(base.filling) (\(short(change)) ± \(short(error)) over forecasts)")
            }
            if settings.task == .stretches, let linear = row("linear interpolation"), let naive = row("seasonal naive"), let a = linear.fillingError, let b = naive.fillingError, a <= b {
                context.note("\(setting): linear interpolation fills no worse than the seasonal naive, RMSE \(short(a)) against \(short(b))")
            }
        }
    }
}

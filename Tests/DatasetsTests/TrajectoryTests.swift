import Datasets
import Foundation
import Testing

/// Paths in the plane: the published counts, what a window is, the generator's truth, and files with faults.
@Suite struct TrajectoryTests {
    @Test(.enabled(if: TestData.folder != nil, "needs the folder of test data (LATHE_TEST_DATA)"))
    func `the pedestrians give the windows and targets that the field counts`() throws {
        let set = try TestData.library.open("eth-ucy", as: TrajectoryDataset.self)
        #expect(set.count == 74_428 && set.step == 0.4 && set.notes.isEmpty, "no track has a hole")
        let expected: [String: (windows: Int, targets: Int, withTwo: Int)] = [
            "biwi_eth": (253, 364, 181), "biwi_hotel": (445, 1197, 1053), "crowds_zara01": (705, 2356, 2253), "crowds_zara02": (998, 5910, 5833),
            "crowds_zara03": (695, 2488, 2354), "students001": (425, 14_295, 14_295), "students003": (522, 10_039, 10_039), "uni_examples": (320, 621, 489),
        ]
        for recording in set.recordings {
            let windows = recording.windows(observed: 8, predicted: 12), wanted = try #require(expected[recording.name])
            #expect(windows.count == wanted.windows, "\(recording.name)")
            #expect(windows.reduce(0) { $0 + $1.targets.count } == wanted.targets, "\(recording.name)")
            #expect(windows.filter { $0.targets.count >= 2 }.reduce(0) { $0 + $1.targets.count } == wanted.withTwo, "\(recording.name)")
        }
        #expect(set.folds.map(\.name) == ["zara1", "zara2", "eth", "hotel", "univ"])
        // The usual split of biwi_eth: frame 10240, counted from frame 780 in tens.
        #expect(set.recordings[0].validationStep == 946)
    }

    @Test(.enabled(if: TestData.folder != nil, "needs the folder of test data (LATHE_TEST_DATA)"))
    func `each of the drone scenes' 2,625 tracks is a target once`() throws {
        let set = try TestData.library.open("sdd-trajnet", as: TrajectoryDataset.self)
        #expect(set.recordings.map { $0.windows(observed: 8, predicted: 12).reduce(0) { $0 + $1.targets.count } } == [805, 639, 783, 398])
    }

    @Test(.enabled(if: TestData.folder != nil, "needs the folder of test data (LATHE_TEST_DATA)"))
    func `boxes become metres at every twelfth frame`() throws {
        let set = try TestData.library.open("sdd-quad", as: TrajectoryDataset.self)
        #expect(set.recordings.map(\.name) == ["video0", "video1", "video2", "video3"])
        let point = try #require(set.recordings[0].tracks.first?.points.first)
        #expect(abs(point.x - 0.043606807 * 488.5) < 1e-9 && abs(point.y - 0.043606807 * 221.5) < 1e-9)
        #expect(set.recordings.allSatisfy { $0.tracks.allSatisfy { $0.firstStep + $0.points.count <= 43 } })
    }

    @Test(.enabled(if: TestData.folder != nil, "needs the folder of test data (LATHE_TEST_DATA)"))
    func `the game gives 767 windows of 13 from 41 plays, and 500 of 20 from 33`() throws {
        let set = try TestData.library.open("nba-tracking", as: TrajectoryDataset.self)
        for (predicted, windows, plays) in [(8, 767, 41), (15, 500, 33)] {
            let cut = set.recordings.map { ($0.group, $0.windows(observed: 5, predicted: predicted).count) }.filter { $0.1 > 0 }
            #expect(cut.reduce(0) { $0 + $1.1 } == windows)
            #expect(Set(cut.map(\.0)).count == plays)
        }
        let window = try #require(set.recordings.first?.windows(observed: 5, predicted: 8).first)
        #expect(window.targets.count == 10 && window.visible.count == 11, "the ball is seen and never predicted")
        #expect(Set(set.recordings.filter { $0.part == .test }.map(\.group)).count == 12)
        // No play is on two sides.
        #expect(Dictionary(grouping: set.recordings, by: \.group).values.allSatisfy { Set($0.map(\.part)).count == 1 })
    }

    @Test func `walkers are the same for a seed, in three parts, and move as people do`() throws {
        let small = CrowdScenes(family: .pairs, strength: 1, trainingScenes: 3, validationScenes: 2, testScenes: 4)
        let set = try small.generate(identifier: "c", seed: 5), again = try small.generate(identifier: "c", seed: 5), other = try small.generate(identifier: "c", seed: 6)
        #expect(set.recordings == again.recordings && set.recordings != other.recordings)
        #expect(set.recordings.map(\.part) == [.training, .training, .training, .validation, .validation, .test, .test, .test, .test])
        for track in set.recordings.flatMap(\.tracks) {
            #expect(track.points.count == 20)
            for (a, b) in zip(track.points, track.points.dropFirst()) { #expect(((b - a) * (b - a)).sum().squareRoot() < 0.4 * 1.3 * 1.9 + 0.1) }
        }
    }

    @Test func `without forces nobody moves anybody; with them the partner moves most in nine of ten`() throws {
        let alone = try CrowdScenes(family: .pairs, strength: 0, trainingScenes: 0, validationScenes: 0, testScenes: 5).generate(identifier: "c", seed: 1)
        #expect(alone.recordings.allSatisfy { $0.influence.joined().allSatisfy { $0 == 0 } })
        let set = try DatasetLibrary(folders: []).open("crowd", as: TrajectoryDataset.self)
        let test = set.recordings.filter { $0.part == .test }
        #expect(set.recordings.count == 1610 && test.count == 60)
        // The strongest influence on each is large, the others nearly nothing: the sheet measured 0.60 m and 0.03 m.
        let largest = test.flatMap { $0.influence.map { $0.max() ?? 0 } }, sum = test.reduce(0) { $0 + $1.influence.joined().reduce(0, +) }
        let mean = largest.reduce(0, +) / Double(largest.count), rest = (sum - largest.reduce(0, +)) / Double(3 * largest.count)
        #expect(mean > 0.4 && mean < 0.7, "\(mean)")
        #expect(rest < 0.06, "\(rest)")
    }

    private func read(_ text: String, name: String = "walk.csv") -> String {
        do {
            return try withTemporaryFolder { folder in
                try Data(text.utf8).write(to: folder.appendingPathComponent(name))
                _ = try DatasetImport(files: [folder.appendingPathComponent(name)], layout: .trajectories).add(to: DatasetLibrary(folders: [folder.appendingPathComponent("data")]))
                return "no error"
            }
        } catch { return "\(error)" }
    }

    @Test(arguments: [
        ("frame,agent,x,y\n0,1,0,0\n10,1,1,zero\n", "line 3", "the y “zero” is no finite number"), ("0,1,0,0\n10,1,nan,0\n", "line 2", "the x “nan”"), ("0,1,0,0\n10,1,0,0\n25,1,0,0\n", "line 3", "frame 25 is no multiple of the step of 10"),
        ("0,1,0,0\n10,1,0,0\n10,1,3,0\n", "line 3", "comes twice in frame 10"), ("0,1,0,0\n10,1,0\n", "line 2", "3 fields"), ("0,1,0,0\n1e30,1,0,0\n", "line 2", "whole numbers"),
        ("0,1,0,0\n10,1,1e9,0\n", "line 2", "1,000 km"), ("frame,agent,x,y\n", "walk.csv", "no rows"), ("5,1,0,0\n", "walk.csv", "one frame only"),
    ])
    func `a fault in a table is named with file and line`(text: String, place: String, sentence: String) {
        let error = read(text)
        #expect(error.contains("walk.csv") && error.contains(place) && error.contains(sentence), "\(error)")
    }
}

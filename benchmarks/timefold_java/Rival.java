package rival;

import ai.timefold.solver.core.api.score.buildin.bendablelong.BendableLongScore;
import ai.timefold.solver.core.api.domain.solution.ConstraintWeightOverrides;
import ai.timefold.solver.core.api.solver.ScoreAnalysisFetchPolicy;
import ai.timefold.solver.core.api.solver.SolutionManager;
import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.solver.EnvironmentMode;
import ai.timefold.solver.core.config.solver.SolverConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * Solves a problem file with Timefold: {@code rival.Rival FOLDER BEGAN_MS LIMIT_MS WORKERS SEED}.
 *
 * <p>A class that lacks people breaks a limit, so nobody would ever be the first of a class: the score trap of which the
 * manual warns. Its remedy is taken, constraint weights that change: rounds in which the lack only costs, like missed
 * duties, each followed by one in which it breaks the limit and which starts with the classes that did not come
 * together called off. The free edition solves on one thread; so as many solvers as there are cores run beside one
 * another, each with a seed of its own, and the next round starts from the best.
 */
public final class Rival {
    /** Share of the time of each round, and what a person too few costs in duties; 0: it breaks a limit. */
    private static final double[][] ROUNDS = {{0.35, 100}, {0.15, 0}, {0.2, 100}, {0.3, 0}};

    private final long began;
    private final List<String> points = Collections.synchronizedList(new ArrayList<>());

    private Rival(long began) {
        this.began = began;
    }

    public static void main(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        long began = Long.parseLong(arguments[1]), limit = Long.parseLong(arguments[2]);
        var run = new Rival(began);
        var table = Reader.read(folder.resolve("problem.txt"));
        run.solve(table, folder, limit, Integer.parseInt(arguments[3]), Long.parseLong(arguments[4]));
        System.exit(0);
    }

    private void solve(Timetable table, Path folder, long limit, int workers, long seed) throws Exception {
        long start = System.currentTimeMillis();
        double share = 0;
        for (var round : ROUNDS) {
            share += round[0];
            long until = start + (long) (share * (began + limit - start));
            if (round[1] == 0) {
                table.cancelMisfits();
            }
            table = round(table, (long) round[1], until, workers, seed);
            seed += workers;
            write(table, folder);
        }
    }

    private Timetable round(Timetable table, long weight, long until, int workers, long seed) throws Exception {
        var level = weight > 0 ? Rules.soft(0).multiply(weight) : Rules.hard(1);
        var tasks = new ArrayList<Callable<Timetable>>();
        for (int i = 0; i < workers; i++) {
            var own = table.copy();
            own.weights = ConstraintWeightOverrides.of(Map.of(Rules.TOO_SMALL, level));
            long mine = seed + i;
            tasks.add(() -> solved(own, weight == 0, until, mine));
        }
        var pool = Executors.newFixedThreadPool(workers);
        Timetable best = null;
        for (var found : pool.invokeAll(tasks)) {
            var other = found.get();
            best = best == null || other.score.compareTo(best.score) > 0 ? other : best;
        }
        pool.shutdown();
        return best;
    }

    private static SolverConfig config() {
        return new SolverConfig()
            .withSolutionClass(Timetable.class).withEntityClasses(Slot.class)
            .withConstraintProviderClass(Rules.class).withEnvironmentMode(EnvironmentMode.NO_ASSERT);
    }

    private Timetable solved(Timetable table, boolean counts, long until, long seed) {
        long left = Math.max(1, until - System.currentTimeMillis());
        var config = config().withRandomSeed(seed).withTerminationSpentLimit(Duration.ofMillis(left));
        var solver = SolverFactory.<Timetable>create(config).buildSolver();
        solver.addEventListener(event -> {
            var score = (BendableLongScore) event.getNewBestScore();
            if (counts && event.isNewBestSolutionInitialized() && score.isFeasible()) {
                points.add((System.currentTimeMillis() - began) + text(score));
            }
        });
        return solver.solve(table);
    }

    /** The levels of the score after the limits, as amounts. */
    private static String text(BendableLongScore score) {
        var out = new StringBuilder();
        for (long level : score.softScores()) {
            out.append(' ').append(-level);
        }
        return out.toString();
    }

    private void write(Timetable table, Path folder) throws IOException {
        var lines = new ArrayList<String>();
        lines.add("score " + -(table.score.hardScore(0) + table.score.hardScore(1)) + text(table.score));
        var factory = SolverFactory.<Timetable>create(config());
        SolutionManager.create(factory).analyze(table, ScoreAnalysisFetchPolicy.FETCH_SHALLOW).constraintMap()
            .forEach((constraint, match) -> lines.add("constraint " + constraint.constraintName() + ": " + match.score()));
        for (var slot : table.slots) {
            if (slot.offer != null) {
                lines.add("offer " + slot.offer.number);
            }
        }
        synchronized (points) {
            points.forEach(point -> lines.add("point " + point));
        }
        var unfinished = folder.resolve("unfinished.txt");
        Files.write(unfinished, lines);
        Files.move(unfinished, folder.resolve("answer.txt"), StandardCopyOption.REPLACE_EXISTING);
    }
}
